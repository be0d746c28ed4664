"""None lost, none doubled; a thousand take longer: `python -m channels.night FOLDER 1000 SEED` in this folder's parent."""

from pathlib import Path

import pytest

from channels.night import night


@pytest.mark.timeout(240)
async def test_each_message_arrives_once_or_is_shown_as_failed(tmp_path: Path) -> None:
    said = await night(tmp_path, sends=30, seed=7, kill_every=2.0)
    assert said.wrong() == []
    assert len(said.sendings) == 30
    assert said.kills > 0
    assert said.faults.total() > 0
