"""What was rolled out lately: the first thing to ask when something broke."""

from collections.abc import Mapping, Sequence

from warroom.core.readings import Deployment, Revision
from warroom.ui.cells import Line
from warroom.ui.look import foreign
from warroom.ui.panes.pane import TablePane
from warroom.ui.widgets.livetable import Cell, Column
from warroom.ui.words import age, since

Change = tuple[Deployment, Revision]


class ChangesPane(TablePane[Change]):
    """Follows the revisions of `world.deployments`, newest first."""

    label, field = "recent changes", "deployments"

    def columns(self, width: int) -> Sequence[Column[Change]]:
        return (Column("age", 4, ">"), Column("kind", 7, drop=1), Column("object", 22), Column("change", 0))

    def cells(self, row: Change) -> Mapping[str, Cell]:
        deployment, revision = row
        images = ", ".join(image for _, image in revision.images)
        return {
            "age": (age(since(revision.changed or revision.created, self.now)), "$soft"),
            "kind": ("rollout", "$soft"),
            "object": (foreign(f"deploy/{deployment.name}"), "$ink"),
            "change": (foreign(f"r{revision.number} {images}"), "$ink"),
        }

    def rows(self) -> Sequence[tuple[str, Change]]:
        changes = [(deployment, revision) for deployment in self.world.deployments.value for revision in deployment.revisions]
        changes.sort(key=lambda change: at.timestamp() if (at := change[1].changed or change[1].created) else 0.0, reverse=True)
        return [(f"{deployment.key}/{revision.number}", (deployment, revision)) for deployment, revision in changes]

    def empty_words(self) -> Sequence[Line]:
        return [[("no rollouts are known", "$ink")]]
