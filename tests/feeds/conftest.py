"""What several tests of feeds share."""

from collections.abc import AsyncIterator

import pytest

from feeds.behind import Behind


@pytest.fixture
async def behind() -> AsyncIterator[Behind]:
    """An API server on loopback with a proxy."""
    api = Behind()
    await api.start()
    yield api
    await api.stop()
