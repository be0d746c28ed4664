"""curl as a container has it: asks its own pod, other pods and the services of the cluster, and nobody outside."""

import argparse
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from warroom.gameday.endpoints import Answer, Endpoints, Unreachable
from warroom.gameday.ran import Ran
from warroom.gameday.resources import PODS, SERVICES, Json
from warroom.gameday.simulation import Simulation

_WORDS = {200: "OK", 404: "Not Found", 500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable"}


class Curl:
    def __init__(self, simulation: Simulation, endpoints: Endpoints) -> None:
        self._simulation = simulation
        self._endpoints = endpoints

    def run(self, pod: Json, words: Sequence[str], now: datetime) -> Ran:
        try:
            asked, rest = _FLAGS.parse_known_args(list(words))
        except argparse.ArgumentError as error:
            return Ran(err=f"curl: {error}\n".encode(), code=2)
        urls = [*([asked.url] if asked.url else []), *[word for word in rest if not word.startswith("-")]]
        if strange := next((word for word in rest if word.startswith("-")), ""):
            return Ran(err=f"curl: option {strange}: is not simulated\n".encode(), code=2)
        if not urls:
            return Ran(err=b"curl: (2) no URL specified\n", code=2)
        return self._fetch(pod, urls[0] if "://" in urls[0] else f"http://{urls[0]}", asked, now)

    def _fetch(self, pod: Json, url: str, asked: argparse.Namespace, now: datetime) -> Ran:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        told = asked.show_error or not asked.silent
        found = self._target(pod, host, port)
        if found is None:
            return _failed(6, f"Could not resolve host: {host}", told)
        try:
            given = self._endpoints.ask(*found, parts.path or "/", now)
        except Unreachable:
            return _failed(7, f"Failed to connect to {host} port {port} after 0 ms: Could not connect to server", told)
        said = self._said(given, parts.hostname or "", port, parts.path or "/", asked)
        if asked.fail and given.status >= 400:
            return Ran(said.out, said.err + _failed(22, f"The requested URL returned error: {given.status}", told).err, 22)
        return said

    def _said(self, given: Answer, host: str, port: int, path: str, asked: argparse.Namespace) -> Ran:
        head = (
            f"HTTP/1.1 {given.status} {_WORDS.get(given.status, '')}\r\ncontent-type: {given.type}\r\ncontent-length: {len(given.body)}\r\n"
        )
        out = f"{head}\r\n".encode() if asked.include or asked.head else b""
        if not asked.head and not (asked.fail and given.status >= 400):
            out += given.body
        if asked.output == "/dev/null":
            out = b""
        written = (asked.write_out or "").replace("%{http_code}", str(given.status)).replace("%{response_code}", str(given.status))
        err = ""
        if asked.verbose:
            sent = f"> {'HEAD' if asked.head else 'GET'} {path} HTTP/1.1\n> Host: {host}:{port}\n>\n"
            err = f"* Connected to {host} port {port}\n{sent}" + "".join(f"< {line}\n" for line in head.split("\r\n"))
        return Ran(out + written.replace("\\n", "\n").encode(), err.encode())

    def _target(self, pod: Json, host: str, port: int) -> tuple[Json, int] | None:
        """Which pod is meant by a name or an address; None when nobody has it."""
        if host in ("localhost", "127.0.0.1", "::1", pod["metadata"]["name"], pod["status"].get("podIP")):
            return pod, port
        for item in self._simulation.world.all(PODS):
            if item.object["status"].get("podIP") == host:
                return item.object, port
        name, _, rest = host.partition(".")
        space = rest.partition(".")[0] or pod["metadata"]["namespace"]
        service = self._simulation.world.get(SERVICES, space, name)
        if service is None or rest.removesuffix(".cluster.local").removeprefix(space) not in ("", ".svc"):
            return None
        return self._endpoints.behind(service.object, str(port)) or (pod, 0)


def _failed(code: int, said: str, told: bool) -> Ran:
    return Ran(err=f"curl: ({code}) {said}\n".encode() if told else b"", code=code)


_FLAGS = argparse.ArgumentParser("curl", add_help=False, exit_on_error=False, allow_abbrev=False)
for _short, _long in (
    ("-s", "--silent"),
    ("-S", "--show-error"),
    ("-f", "--fail"),
    ("-v", "--verbose"),
    ("-i", "--include"),
    ("-I", "--head"),
    ("-k", "--insecure"),
    ("-L", "--location"),
):
    _FLAGS.add_argument(_short, _long, action="store_true")
for _short, _long in (
    ("-o", "--output"),
    ("-w", "--write-out"),
    ("-m", "--max-time"),
    ("-H", "--header"),
    ("-X", "--request"),
):
    _FLAGS.add_argument(_short, _long)
_FLAGS.add_argument("--connect-timeout")
_FLAGS.add_argument("--url")
