"""Charts of an incident: what was sampled is drawn, what nobody knows is not, what happened is marked."""

import re
from xml.etree import ElementTree

from core.books import BOOK
from core.story import Story
from core.test_impact import sampled
from warroom.core.acts.incident import Restore
from warroom.core.acts.severity import SetSeverity
from warroom.reports.charts import charts, marks

SVG = "{http://www.w3.org/2000/svg}"


def night() -> Story:
    story = Story(BOOK)
    story.declares(0, title="API <down> & out")
    for minute, errors, ready in ((0, 0.1, 6.0), (1, 0.4, 3.0), (2, None, 3.0), (3, 0.2, 5.0), (4, 0.0, 6.0)):
        sampled(story, minute, errors=errors, ready=ready, wanted=6.0)
    story.does(3, SetSeverity("P2", "milder"))
    story.does(4, Restore("rolled back"))
    return story


def test_each_figure_that_is_known_has_a_chart() -> None:
    assert [chart.name for chart in charts(night().incident)] == ["errors", "pods"]
    assert charts(Story(BOOK).incident) == ()


def test_a_minute_that_nobody_knows_is_a_gap() -> None:
    (errors, _) = charts(night().incident)
    lines = ElementTree.fromstring(errors.svg).findall(f"{SVG}polyline")
    assert [len(line.attrib["points"].split()) for line in lines] == [2, 2]
    xs = [float(point.split(",")[0]) for line in lines for point in line.attrib["points"].split()]
    assert xs == sorted(xs)


def test_the_highest_figure_is_the_highest_point() -> None:
    (errors, _) = charts(night().incident)
    points = [tuple(map(float, found)) for found in re.findall(r"([\d.]+),([\d.]+)", errors.svg)]
    assert points.index(min(points, key=lambda point: point[1])) == 1  # 40 % in minute 1


def test_what_happened_is_marked_and_told() -> None:
    story = night()
    assert [text for _, text in marks(story.incident)] == [
        "declared, API <down> & out",
        "severity P1: declared",
        "severity P2: milder",
        "service restored: rolled back",
    ]
    texts = [found.text for found in ElementTree.fromstring(charts(story.incident)[0].svg).iter(f"{SVG}text")]
    assert "4  02:56  service restored: rolled back" in texts
    assert "1  02:52  declared, API <down> & out" in texts
