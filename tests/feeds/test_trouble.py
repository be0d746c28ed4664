"""What a failed connection means, in a word or two."""

import errno
import socket
import ssl

import pytest
from aiohttp import ClientConnectorDNSError, ClientConnectorError, ClientPayloadError, ServerDisconnectedError
from aiohttp.client_reqrep import ConnectionKey

from warroom.feeds.trouble import Trouble, classify, one_line

KEY = ConnectionKey("api", 6443, True, True, None, None, None)


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (ClientConnectorError(KEY, OSError(errno.ECONNREFUSED, "refused")), "no answer"),
        (ClientConnectorError(KEY, OSError(errno.EHOSTUNREACH, "no route")), "no route"),
        (ClientConnectorError(KEY, OSError(errno.ENETUNREACH, "no net")), "no route"),
        (ClientConnectorDNSError(KEY, OSError(-2, "Name or service not known")), "no route"),
        (socket.gaierror(-3, "Temporary failure"), "no route"),
        (TimeoutError(), "no answer"),
        (ConnectionResetError(errno.ECONNRESET, "reset"), "no answer"),
        (ServerDisconnectedError(), "no answer"),
        (ClientPayloadError("cut"), "no answer"),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), "bad certificate"),
        (ValueError("[/x]\x1b[31m"), "failed"),
        (Trouble("forbidden"), "forbidden"),
    ],
)
def test_the_word(error: Exception, word: str) -> None:
    trouble = classify(error, "https://api:6443")
    assert trouble.word == word
    assert str(trouble).splitlines()[0] == word
    assert all(line.isprintable() for line in str(trouble).splitlines())


def test_foreign_text_becomes_one_printable_line() -> None:
    assert one_line("a\r\n\x1b]0;x\x07b\u202ec\x00") == "a ]0;x b c"
    assert one_line("x" * 1_000_000) == "x" * 299 + "…"
