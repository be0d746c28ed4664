"""The pods that other feeds follow, and the way to one of them."""

from warroom.core.endpoints import Inside
from warroom.core.readings import Pod
from warroom.feeds.source import Source
from warroom.feeds.trouble import Trouble

FIRST_SECONDS = 15.0
LOOK_SECONDS = 0.25
"""Until the first look; each next one comes later, up to `SELDOM`: nobody hurries while there is nothing."""
SELDOM = 4.0


async def known_pods(source: Source) -> tuple[Pod, ...]:
    """As the feed of the pods read them last, which is waited for. Those that go are left out. Raises Trouble."""
    waited, pause = 0.0, LOOK_SECONDS
    while source.pods.reading.at is None:
        if source.pods.reading.trouble or waited >= FIRST_SECONDS:
            word, _, rest = source.pods.reading.trouble.partition("\n")
            raise Trouble(word or "no pods", rest or "the pods are not read yet")
        await source.sleep(pause)
        waited, pause = waited + pause, min(SELDOM, pause * 2)
    return tuple(pod for pod in source.pods.reading.value if pod.deleting is None)


def proxy_path(pod: Pod, inside: Inside) -> str:
    scheme = "https:" if inside.scheme == "https" else ""
    return f"/api/v1/namespaces/{pod.namespace}/pods/{scheme}{pod.name}:{inside.port}/proxy{inside.path}"
