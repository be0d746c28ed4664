"""Mail: a file that any mail program opens, and a table for many."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path

from channels.intents import message
from warroom.channels.mail import Mail, merge_table
from warroom.core.ports import Failed


async def test_without_a_server_it_is_one_file_that_somebody_sends(tmp_path: Path) -> None:
    intent = message("Dear [Customer Name],\n\nit was 14 %.\n", service="mail", subject="Service incident", to=("ops@example.com",))
    channel = Mail(tmp_path / "mail")
    for _ in range(2):
        failed = await channel.send(intent)
        assert isinstance(failed, Failed)
        assert failed.final
        assert "warroom outbox confirm m1" in failed.why
    (file,) = (tmp_path / "mail").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    letter = message_from_bytes(file.read_bytes(), policy=default)
    assert (letter["Subject"], letter["To"]) == ("Service incident", "ops@example.com")
    assert letter.get_content().replace("\r\n", "\n") == intent.text


async def test_a_server_that_cannot_be_reached_has_not_got_it(tmp_path: Path) -> None:
    channel = Mail(tmp_path, "smtp://127.0.0.1:9", patience=1.0)
    failed = await channel.send(message(service="mail", to=("ops@example.com",)))
    assert isinstance(failed, Failed)
    assert not failed.final
    assert not failed.unsure


def test_a_cell_is_never_a_formula() -> None:
    table = merge_table([{"name": "Ann", "note": "=cmd()"}, {"name": 'B "x"', "plan": "pro"}])
    assert table.splitlines() == ["name,note,plan", "Ann,'=cmd(),", '"B ""x""",,pro']
