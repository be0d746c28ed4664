"""Mail: a file for each, ready to be sent; sent by itself only where an SMTP server is configured."""

import asyncio
import csv
import hashlib
import io
import os
from collections.abc import Iterable, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import unquote, urlsplit

from warroom.channels.answers import short
from warroom.core.outbox import Intent, Service
from warroom.core.ports import Failed, Sent

PATIENCE = 10.0


class Mail:
    service: Service = "mail"

    def __init__(self, folder: Path, smtp: str = "", sender: str = "", patience: float = PATIENCE) -> None:
        self._folder, self._smtp, self._sender, self._patience = folder, smtp, sender, patience
        parts = urlsplit(smtp)
        self.address = f"{parts.scheme}://{parts.hostname or ''}:{parts.port or ''}" if smtp else str(folder.absolute())

    def knows_again(self, intent: Intent) -> bool:
        return not self._smtp

    async def send(self, intent: Intent) -> Sent | Failed:
        path = await asyncio.to_thread(self._keep, intent)
        if not self._smtp or not intent.to:
            why = "no SMTP server is configured" if not self._smtp else "it has no address"
            return Failed(f"{why}; the mail lies in {path}: send it, then say so (`warroom outbox confirm {intent.id}`)", final=True)
        try:
            await asyncio.to_thread(self._deliver, message(intent, self._sender))
        except _Refused as error:
            return Failed(f"the mail server refuses it ({short(str(error))}): correct the address or smtp_url", final=True)
        except _Lost as error:
            return Failed(f"the mail server broke off ({short(str(error))})", unsure=error.unsure)
        return Sent(message_id(intent))

    async def find(self, intent: Intent) -> Sent | Failed | None:
        """Nothing can be read back from SMTP: what is unsure stays for a person to judge."""
        return Failed("a mail server does not tell what it has sent", final=True) if self._smtp else None

    def _keep(self, intent: Intent) -> Path:
        """The same intent is the same file."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{hashlib.sha256(intent.key.encode()).hexdigest()[:16]}.eml"
        whole(path, message(intent, self._sender).as_bytes(policy=SMTP))
        return path

    def _deliver(self, letter: EmailMessage) -> None:
        import smtplib

        parts, begun = urlsplit(self._smtp), False
        kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(parts.hostname or "localhost", parts.port or 0, timeout=self._patience) as server:
                if parts.username:
                    if parts.scheme != "smtps":
                        server.starttls()
                    server.login(unquote(parts.username), unquote(parts.password or ""))
                begun = True
                server.send_message(letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPAuthenticationError, smtplib.SMTPDataError) as error:
            raise _Refused(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise _Lost(str(error) or type(error).__name__, unsure=begun) from error


class _Refused(Exception):
    pass


class _Lost(Exception):
    def __init__(self, words: str, *, unsure: bool) -> None:
        super().__init__(words)
        self.unsure = unsure


def message(intent: Intent, sender: str = "") -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = " ".join((intent.subject or intent.title).split())
    letter["From"] = sender or "warroom@localhost"
    if intent.to:
        letter["To"] = ", ".join(intent.to)
    letter["Message-ID"] = message_id(intent)
    letter.set_content(intent.text)
    return letter


def message_id(intent: Intent) -> str:
    return f"<{hashlib.sha256(intent.key.encode()).hexdigest()[:32]}@warroom>"


def merge_table(rows: Iterable[Mapping[str, str]]) -> str:
    """CSV for whoever merges a mail to many; a cell that a spreadsheet would run as a formula is text."""
    found = [dict(row) for row in rows]
    names = list(dict.fromkeys(name for row in found for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows({name: f"'{text}" if text[:1] in "=+-@\t\r" else text for name, text in row.items()} for row in found)
    return out.getvalue()


def whole(path: Path, data: bytes) -> None:
    """All of it or nothing, and for nobody else."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
