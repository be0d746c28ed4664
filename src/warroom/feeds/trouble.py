"""Why a source gives nothing, in words for a pane: a word or two, then what happened and what to do."""

import errno
import socket
import ssl


class Trouble(Exception):
    """`word` is for the head of a pane; the lines say what happened, to whom, and what to do.

    `retry_after` is the source's wish, in seconds.
    """

    def __init__(self, word: str, *lines: str, retry_after: float = 0.0) -> None:
        super().__init__("\n".join([word, *lines]))
        self.word = word
        self.lines = lines
        self.retry_after = retry_after


class Gone(Exception):
    """The version that we asked from is no longer (or not yet) known: list again."""


def one_line(text: str, most: int = 300) -> str:
    """Foreign text as one printable line."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: most * 4]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def classify(error: Exception, server: str) -> Trouble:
    """What a failed connection means. Only for errors of a client that is loaded already."""
    if isinstance(error, Trouble):
        return error
    from aiohttp import ClientConnectorDNSError, ClientError, ClientPayloadError, ClientSSLError

    if isinstance(error, ClientSSLError | ssl.SSLError):
        why = one_line(str(getattr(error, "certificate_error", "") or error))
        return Trouble(
            "bad certificate",
            f"the certificate of {server} was not accepted: {why}",
            "check certificate-authority in the kubeconfig, the machine's clock, and whether a proxy sits between",
        )
    # aiohttp's own resolver error comes as a subclass of OSError without an errno of the network.
    if isinstance(error, ClientConnectorDNSError | socket.gaierror):
        return Trouble("no route", f"the name in {server} could not be resolved", "check the network, the VPN and the name")
    if isinstance(error, TimeoutError):
        return Trouble(
            "no answer", f"{server} did not answer in time", "check the network and the VPN; another console may tell whether it is you"
        )
    if isinstance(error, OSError):
        if error.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN):
            return Trouble("no route", f"there is no route to {server}", "check the network and the VPN")
        if error.errno == errno.ECONNREFUSED:
            return Trouble("no answer", f"{server} refuses connections", "the API server is down, or the address is old")
        return Trouble("no answer", f"the connection to {server} broke: {one_line(str(error))}")
    if isinstance(error, ClientPayloadError):
        return Trouble("no answer", f"{server} broke off in the middle of an answer")
    if isinstance(error, ClientError):
        return Trouble("no answer", f"the connection to {server} failed: {one_line(str(error)) or type(error).__name__}")
    return Trouble("failed", f"{type(error).__name__}: {one_line(str(error))}", "this is ours: the log of the console has more")
