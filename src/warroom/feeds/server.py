"""One shared session with one API server: logged in, held against the pin, and probed."""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

import msgspec

from warroom.core.ports import Clock
from warroom.core.readings import Cluster
from warroom.feeds.access import OTHER, Access, Section, Settled, other_cluster
from warroom.feeds.credentials import ask_plugin, fingerprint, with_files
from warroom.feeds.trouble import Gone, Trouble, classify, one_line
from warroom.feeds.wire import Kinded, Named, Status

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
PROBE_SECONDS = 4.0
PLUGIN_PAUSE = timedelta(seconds=60)
SHARED = timedelta(seconds=1.8)
"""The feeds of a console ask in turn: a proof this young serves the next one too."""
MOST_OF_A_REFUSAL = 65_536


def _libraries() -> tuple[Any, Any, Any]:
    """A third of a second on first use: only ever in a thread, and never before the first paint."""
    import aiohttp

    _without_init("kubernetes")
    _without_init("kubernetes.aio")
    from kubernetes.aio import client, config

    return aiohttp, client, config


def _without_init(package: str) -> None:
    """Makes its parts importable without its `__init__`, which loads the whole synchronous client: half of the time of the import."""
    if package not in sys.modules and (spec := find_spec(package)) is not None:
        sys.modules[package] = module_from_spec(spec)


class Answer(NamedTuple):
    status: int
    body: bytes
    kind: str
    """Its content type."""


class Server:
    """What several feeds share: the session lives while one of them reads (`async with`)."""

    def __init__(self, access: Access, clock: Clock) -> None:
        self.access = access
        self._clock = clock
        self.where = "the API server"
        self.user = ""
        self.cluster: Cluster | None = None
        """Known once it was asked; with the UID of kube-system where that may be read."""
        self._client: Any = None
        self._aiohttp: Any = None
        self._settled: Settled | None = None
        self._known = False
        self._readers = 0
        self._logins = 0
        self._stamps: tuple[tuple[str, int, int], ...] = ()
        self._login = asyncio.Lock()
        self._probe: asyncio.Task[datetime] | None = None
        self._proven: datetime | None = None
        self._retired: list[Any] = []
        self._mark = ""
        self._plugin: tuple[datetime, Section | Trouble] | None = None

    async def __aenter__(self) -> Self:
        self._readers += 1
        return self

    async def __aexit__(self, *_: object) -> None:
        self._readers -= 1
        if not self._readers:
            await self._close()

    async def namespaces(self) -> tuple[str, ...]:
        """Those that are pinned. Raises Trouble."""
        return (await self._settle()).cluster.namespaces

    async def get(self, path: str, query: Mapping[str, str], what: str, *, read: float | None = READ_SECONDS) -> Any:
        """The open answer, an aiohttp.ClientResponse with status 200. `what` is what was wished, for whoever may not.

        `read` is the longest silence in seconds. Raises Trouble, Gone and what the connection raises.
        """
        await self._ready()
        return await self._get(path, query, what, read)

    async def through(self, path: str, what: str, *, seconds: float, most: int) -> Answer:
        """What a pod or a service says behind the API server's proxy, whatever its status; at most `most` bytes of it.

        No redirect is followed: it would lead away from whom we ask. Raises Trouble when it is the API server that answers.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._ready()
                logins = self._logins
                answer = await self._behind(path, most)
                if answer.status == 401 and _is_status(answer):
                    await self._log_in(logins)
                    answer = await self._behind(path, most)
        except TimeoutError as error:
            raise Trouble("no answer", f"{self.where} gave none within {seconds:g} s when asked to {what}") from error
        except Exception as error:
            raise classify(error, self.where) from error
        if answer.status >= 400 and _is_status(answer):
            refusal = self._refused(answer.status, {}, answer.body, what)
            raise refusal if isinstance(refusal, Trouble) else Trouble(f"error {answer.status}", str(refusal))
        return answer

    async def _behind(self, path: str, most: int) -> Answer:
        url, headers = await self._request(path, {})
        rest, configuration = self._client.rest_client, self._client.configuration
        more = {"server_hostname": configuration.tls_server_name} if configuration.tls_server_name else {}
        session = rest.pool_manager  # it is there: `_ready` has asked something
        headers["Accept"] = "*/*"
        async with session.get(url, headers=headers, allow_redirects=False, proxy=rest.proxy, **more) as response:
            return Answer(response.status, await _first(response.content, most), response.headers.get("Content-Type", ""))

    def ask_plugin_again(self) -> None:
        """Somebody has just logged in, perhaps."""
        self._plugin = None

    async def prove(self) -> datetime:
        """When the server last answered anything at all: just now, or a moment ago to another caller. Raises Trouble."""
        if self._proven is not None and self._clock.now() - self._proven < SHARED:
            return self._proven
        if self._probe is None or self._probe.done():
            self._probe = asyncio.create_task(self._prove())
        return await asyncio.shield(self._probe)

    async def _prove(self) -> datetime:
        self._proven = None
        try:
            await self._look_at_files()
            await self._ready()
            async with asyncio.timeout(PROBE_SECONDS):
                response = await self._ask("/version", {}, PROBE_SECONDS)
                await response.read()
            if response.status == 401:
                # Open watches outlive their credentials, so this is no trouble yet; the next request wants new ones.
                await self._log_in(self._logins)
        except Exception as error:
            self._known = False
            raise classify(error, self.where) from error
        self._proven = self._clock.now()
        return self._proven

    async def _look_at_files(self) -> None:
        """A kubeconfig that now means another cluster stops everything; one that cannot be read does not end a good session."""
        known = self._settled
        if known is None or self._client is None:
            return
        stamps = await asyncio.to_thread(_stamps, known)
        if stamps == self._stamps:
            return
        try:
            found = await self._settle()
            if (found.cluster_section, found.user_section) != (known.cluster_section, known.user_section):
                await self._log_in(self._logins)
            self._stamps = stamps
        except Trouble as trouble:
            if trouble.word == OTHER:
                await self._drop()
                raise

    async def _ready(self) -> None:
        if self._client is None:
            await self._log_in(self._logins)
        if not self._known:
            await self._look_who()

    async def _get(self, path: str, query: Mapping[str, str], what: str, read: float | None) -> Any:
        logins = self._logins
        response = await self._ask(path, query, read)
        if response.status == 401:
            response.release()
            await self._log_in(logins)
            response = await self._ask(path, query, read)
        if response.status == 200:
            return response
        try:
            body = await response.content.read(MOST_OF_A_REFUSAL)
        finally:
            # What was read to its end leaves a connection that can be used again, which spares a handshake.
            response.release() if response.content.at_eof() else response.close()
        raise self._refused(response.status, response.headers, body, what)

    async def _ask(self, path: str, query: Mapping[str, str], read: float | None) -> Any:
        url, headers = await self._request(path, query)
        limit = self._aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS, sock_connect=CONNECT_SECONDS, sock_read=read)
        return (await self._client.rest_client.request("GET", url, headers=headers, _request_timeout=limit)).response

    async def _request(self, path: str, query: Mapping[str, str]) -> tuple[str, dict[str, str]]:
        """The address, and the headers that say who asks."""
        configuration = self._client.configuration
        headers = {"Accept": "application/json", "User-Agent": "warroom", **self._as_whom()}
        token = (await configuration.auth_settings()).get("BearerToken", {}).get("value")
        if token:
            headers["Authorization"] = token
        return configuration.host + path + (f"?{urlencode(query)}" if query else ""), headers

    def _as_whom(self) -> dict[str, str]:
        """Impersonation, which the library leaves out and kubectl honours."""
        section = self._settled.user_section if self._settled else {}
        return {"Impersonate-User": str(section["as"])} if section.get("as") else {}

    async def _look_who(self) -> None:
        """The UID of kube-system tells clusters apart that share an address."""
        settled = self._settled
        if settled is None:
            return
        uid = ""
        try:
            response = await self._get("/api/v1/namespaces/kube-system", {}, "get namespace kube-system", READ_SECONDS)
            uid = msgspec.json.decode(await response.read(), type=Named).metadata.uid
        except Trouble as trouble:
            if trouble.word not in ("forbidden", "not found"):
                raise
        except msgspec.DecodeError as error:
            raise garbled(self.where) from error
        found = msgspec.structs.replace(settled.cluster, uid=uid)
        for pin in (self.access.pin, self.cluster):
            if pin is not None and not pin.same(found):
                await self._drop()
                raise other_cluster(pin, found)
        self.cluster = found
        self._known = True

    async def _log_in(self, logins: int) -> None:
        """Reads the files and the credentials anew, once however many requests were refused."""
        async with self._login:
            if logins != self._logins and self._client is not None:
                return
            try:
                settled = await self._settle()
            except Trouble as trouble:
                if trouble.word == OTHER:
                    await self._drop()
                raise
            self.where, self.user = settled.cluster.server, settled.user
            user = await self._credentials(settled)
            mark = await asyncio.to_thread(fingerprint, settled.cluster_section, user)
            stamps = await asyncio.to_thread(_stamps, settled)
            if self._client is None or mark != self._mark:
                client = await self._client_for(settled, user)
                if self._client is not None:
                    await self._retire(self._client)
                self._client, self._mark, self._known = client, mark, False
                self._logins += 1
            self._settled, self._stamps = settled, stamps

    async def _credentials(self, settled: Settled) -> Section:
        """A plugin may open a browser, so it is asked once in a while, however often the server refuses what it gave."""
        if "exec" not in settled.user_section:
            return settled.user_section
        now = self._clock.now()
        if self._plugin is None or now - self._plugin[0] > PLUGIN_PAUSE:
            try:
                self._plugin = (now, await ask_plugin(settled))
            except Trouble as trouble:
                self._plugin = (now, trouble)
        given = self._plugin[1]
        if isinstance(given, Trouble):
            raise given
        return given

    async def _retire(self, client: Any) -> None:
        """Watches that are open on it outlive their credentials, so it is closed only when still newer ones came."""
        self._retired.append(client)
        while len(self._retired) > 2:
            await self._retired.pop(0).close()

    async def _settle(self) -> Settled:
        """The first answer pins this session: a context switched in another terminal moves nothing here."""
        settled = await asyncio.to_thread(self.access.settle)
        if self.access.pin is None:
            self.access = replace(self.access, pin=settled.cluster)
        return settled

    async def _client_for(self, settled: Settled, user: Section) -> Any:
        self._aiohttp, client, config = await asyncio.to_thread(_libraries)
        configuration = client.Configuration()
        # Certificates of many clusters lack what Python 3.13 asks for, and kubectl takes them.
        configuration.disable_strict_ssl_verification = True
        configuration.client_session_kwargs = {"read_bufsize": 2**17}  # bounds one step of decoding
        configuration.connection_pool_maxsize = 0  # every followed log holds a connection, and watches must not wait for them
        try:
            with tempfile.TemporaryDirectory(prefix="warroom-") as folder:
                parts = await asyncio.to_thread(lambda: [with_files(dict(one), Path(folder)) for one in (settled.cluster_section, user)])
                kubeconfig = {
                    "apiVersion": "v1",
                    "kind": "Config",
                    "current-context": "it",
                    "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
                    "clusters": [{"name": "it", "cluster": parts[0]}],
                    "users": [{"name": "it", "user": parts[1]}],
                }
                await config.load_kube_config_from_dict(kubeconfig, client_configuration=configuration)
                return await asyncio.to_thread(client.ApiClient, configuration)
        except config.ConfigException as error:
            raise Trouble("bad kubeconfig", one_line(str(error)), "repair the kubeconfig") from error
        except OSError as error:  # an SSLError is one
            why = one_line(str(error))
            raise Trouble(
                "bad certificate", f"the certificates for {settled.cluster.server} cannot be used: {why}", "log in again"
            ) from error

    def _refused(self, status: int, headers: Mapping[str, str], body: bytes, what: str) -> Exception:
        try:
            message = msgspec.json.decode(body, type=Status).message
        except (msgspec.DecodeError, UnicodeDecodeError):
            message = body.decode(errors="replace")  # overload and proxies answer in plain text
        message = one_line(message)
        wait = headers.get("Retry-After", "")
        retry_after = float(wait) if wait.isdecimal() else 0.0
        if status == 410 or (status == 504 and "resource version" in message):
            return Gone(message)
        if status == 401:
            return self._not_accepted()
        if status == 403:
            user = message.split('User "', 1)[1].split('"', 1)[0] if 'User "' in message else self.user
            return Trouble("forbidden", f"user {user} may not {what}", f"ask for: kubectl auth can-i {_can_i(what)}")
        if status == 404:
            return Trouble("not found", f"{self.where} does not know how to {what}", "check that the address is a Kubernetes API server")
        if status == 429:
            return Trouble("overloaded", f"{self.where} asks to slow down (429)", retry_after=retry_after or 1.0)
        return Trouble(f"error {status}", f"{self.where} failed to {what}: {message or 'no word why'}", retry_after=retry_after)

    def _not_accepted(self) -> Trouble:
        section = self._settled.user_section if self._settled else {}
        certificate = ("client-certificate" in section or "client-certificate-data" in section) and "token" not in section
        word = "expired certificate" if certificate else "expired token"
        whose = f"user {self.user}" if self.user else "nobody"
        return Trouble(
            word, f"{self.where} does not accept the credentials of {whose} (401)", "log in again in another terminal, then press ctrl+r"
        )

    async def _close(self) -> None:
        if self._probe is not None and not self._probe.done():
            self._probe.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._probe
        await self._drop()

    async def _drop(self) -> None:
        self._proven = None
        clients = [*self._retired, self._client]
        self._client, self._retired, self._known = None, [], False
        for client in clients:
            if client is not None:
                await client.close()


async def _first(content: Any, most: int) -> bytes:
    """What comes first of it; the rest is not waited for."""
    parts, size = [], 0
    async for part in content.iter_any():
        parts.append(part)
        size += len(part)
        if size >= most:
            break
    return b"".join(parts)[:most]


def _is_status(answer: Answer) -> bool:
    """Whether the API server itself speaks: what it proxies has no Status of its kind."""
    if not answer.kind.startswith("application/json"):
        return False
    try:
        return msgspec.json.decode(answer.body, type=Kinded).kind == "Status"
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False


def garbled(where: str) -> Trouble:
    return Trouble("not understood", f"{where} answered with something that is no Kubernetes JSON", "check whether a proxy sits between")


def _can_i(what: str) -> str:
    return what.replace(" in namespace ", " -n ").replace(" in all namespaces", " -A")


def _stamps(settled: Settled) -> tuple[tuple[str, int, int], ...]:
    """Tells whether a kubeconfig was written since."""
    stamps = []
    for path in settled.files:
        with suppress(OSError):
            stat = path.stat()
            stamps.append((str(path), stat.st_mtime_ns, stat.st_size))
    return tuple(stamps)
