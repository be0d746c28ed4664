"""Questions to a Prometheus, or to anything that speaks as one. Its calls block: they belong into a worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import unquote, urlsplit, urlunsplit

import msgspec

from warroom.core.series import NO_DATA, Figure, figure
from warroom.feeds.trouble import Trouble, one_line

CONNECT_SECONDS, READ_SECONDS, QUERY_SECONDS = 4.0, 10.0, 8.0
"""The query's own limit ends first, so that the server says so itself."""
Row = tuple[float, Figure]


class PlaceTrouble(ValueError):
    """An address that cannot be asked; its text is one clause of advice."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a Prometheus is, and what proves there who we are."""

    url: str
    token: str = field(default="", repr=False)
    user: str = ""
    password: str = field(default="", repr=False)
    cert: Path | None = None
    key: Path | None = None
    ca: Path | None = None

    @classmethod
    def of(cls, url: str, **proof: Any) -> Self:
        """Raises PlaceTrouble."""
        try:
            parts = urlsplit(url.strip())
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise PlaceTrouble(f"{error}") from error
        if parts.scheme not in ("http", "https") or not host:
            raise PlaceTrouble("it needs http:// or https:// and a host")
        if parts.username or parts.password:
            proof |= {"user": unquote(parts.username or ""), "password": unquote(parts.password or "")}
        shown = f"[{host}]" if ":" in host else host
        clean = urlunsplit((parts.scheme, shown + (f":{port}" if port else ""), parts.path.rstrip("/"), "", ""))
        found = cls(url=clean, **proof)
        if found.token and found.user:
            raise PlaceTrouble("it has a token and a user: keep one of them")
        if parts.scheme == "http" and (found.token or found.password) and not found.loopback:
            raise PlaceTrouble("its token or password would travel readable for all: use https")
        return found

    @property
    def loopback(self) -> bool:
        return loopback(self.url)


def loopback(url: str) -> bool:
    """Whether it leads to this machine alone."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class QueryFailed(Exception):
    """This query was refused or had no single answer; others may do. Its text is a few words."""


class Past(NamedTuple):
    start: float
    end: float
    step: int
    """Unix seconds, all whole."""


class Prometheus:
    """One of them. `adapter` carries the requests elsewhere: through the API server.

    Every call raises Trouble when nothing can be asked, QueryFailed when this query cannot.
    """

    def __init__(self, place: Place, adapter: Any = None) -> None:
        import requests
        from prometheus_api_client import PrometheusConnect
        from urllib3.util.retry import Retry

        self._place = place
        self._warnings: list[str] = []
        session = self._session = requests.Session()
        # A proxy of the environment has no business between us and this machine.
        session.trust_env = not place.loopback
        session.max_redirects = 0
        session.verify = str(place.ca) if place.ca else True
        if place.cert:
            session.cert = (str(place.cert), str(place.key)) if place.key else str(place.cert)
        if place.token:
            session.auth = _Bearer(place.token)
        elif place.user:
            session.auth = (place.user, place.password)
        session.hooks["response"].append(self._heard)
        self._connection = PrometheusConnect(
            place.url,
            headers={"User-Agent": "warroom"},
            retry=Retry(total=0),
            session=session,
            # One number is all that the client's signature knows of; requests takes the pair that it hands on.
            timeout=(CONNECT_SECONDS, READ_SECONDS),
        )
        if adapter is not None:
            session.mount(f"{place.url}/", adapter)

    def close(self) -> None:
        self._connection.close()

    def now(self, query: str, nan: str) -> Row:
        """The value now, with the server's own time. `nan` is what not-a-number means there."""
        rows = self._ask(lambda: self._connection.custom_query(query, params={"timeout": f"{QUERY_SECONDS:g}s"}))
        if len(rows) == 2 and not isinstance(rows[0], dict):  # a scalar: time and value, in no series
            rows = [{"value": rows}]
        row = self._only(rows).get("value")
        if row is None:
            raise QueryFailed("not a number: take a rate or a count")
        return float(row[0]), figure(_number(row[1]), nan)

    def past(self, query: str, asked: Past, nan: str) -> tuple[Row, ...]:
        """A value for each step; where nothing is known it says so."""
        start, end = (datetime.fromtimestamp(each, UTC) for each in (asked.start, asked.end))
        rows = self._ask(
            lambda: self._connection.custom_query_range(query, start, end, str(asked.step), params={"timeout": f"{QUERY_SECONDS:g}s"})
        )
        known = {round(float(at)): figure(_number(text), nan) for at, text in self._only(rows, none={}).get("values", ())}
        steps = range(round(asked.start), round(asked.end) + 1, asked.step)
        return tuple((float(at), known.get(at, Figure(None, NO_DATA))) for at in steps)

    def version(self) -> str:
        """What it says it is. Not every one that speaks as a Prometheus tells."""
        url = f"{self._place.url}/api/v1/status/buildinfo"
        try:
            answer = self._calm(lambda: self._session.get(url, timeout=(CONNECT_SECONDS, READ_SECONDS)).json())
            return str(answer["data"]["version"])
        except (QueryFailed, KeyError, TypeError):
            return ""

    def _ask(self, call: Any) -> list[Any]:
        self._warnings.clear()
        rows = self._calm(call)
        if self._warnings:
            raise QueryFailed(f"partial data: {self._warnings[0]}")
        if not isinstance(rows, list):
            raise QueryFailed("its answer is not understood")
        return rows

    def _only(self, rows: list[Any], none: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        if len(rows) > 1:
            raise QueryFailed(f"{len(rows)} series: the query must give one, add sum or max")
        if not rows:
            if none is None:
                raise QueryFailed(NO_DATA)
            return none
        if not isinstance(rows[0], dict):
            raise QueryFailed("its answer is not understood")
        return rows[0]

    def _calm(self, call: Any) -> Any:
        import requests

        where = self._place.url
        try:
            return call()
        except requests.exceptions.SSLError as error:
            why = one_line(str(error), 200)
            raise Trouble("bad certificate", f"the certificate of {where} was not accepted: {why}", "give prometheus.ca") from error
        except requests.exceptions.TooManyRedirects as error:
            raise Trouble(
                "not understood", f"{where} sends elsewhere, to a login perhaps", "give its final address, and a token if it wants one"
            ) from error
        except requests.exceptions.Timeout as error:
            raise Trouble("no answer", f"{where} did not answer in time", "check that it is up, and the network") from error
        except requests.exceptions.JSONDecodeError as error:
            raise Trouble("not understood", f"{where} answers with something that is no JSON", "check prometheus.url") from error
        except requests.exceptions.ConnectionError as error:
            what = "refuses connections" if "refused" in str(error) else f"cannot be reached: {_cause(error)}"
            raise Trouble("no answer", f"{where} {what}", "check that it is up, and prometheus.url") from error
        except requests.exceptions.RequestException as error:
            raise Trouble("failed", f"{where} cannot be asked: {one_line(str(error))}", "check prometheus.url") from error
        except TimeoutError as error:  # of an adapter
            raise Trouble("no answer", f"{where} did not answer in time", "check that it is up, and the network") from error
        except OSError as error:  # a file of certificates that is not there
            raise Trouble("bad certificate", one_line(str(error)), "check prometheus.ca, prometheus.cert and prometheus.key") from error
        except (KeyError, TypeError, ValueError) as error:
            raise Trouble("not understood", f"{where} answers, but not as a Prometheus does", "check prometheus.url") from error

    def _heard(self, response: Any, **_: Any) -> None:
        """Before the library takes its part: it drops warnings, and tells refusals as raw bytes."""
        try:
            said = msgspec.json.decode(response.content, type=_Said)
        except (msgspec.DecodeError, UnicodeDecodeError):
            said = _Said()
        if response.status_code == 200:
            self._warnings += [one_line(warning, 160) for warning in said.warnings]
            return
        if not response.is_redirect:
            raise self._refused(response.status_code, said)

    def _refused(self, status: int, said: "_Said") -> Exception:
        where = self._place.url
        if said.error_type in ("bad_data", "execution", "timeout", "canceled", "too_many_samples"):
            word = {"bad_data": "query not understood", "execution": "query failed"}.get(said.error_type, f"query ended: {said.error_type}")
            return QueryFailed(f"{word}: {one_line(said.error, 160)}")
        if status in (401, 403):
            return Trouble("forbidden", f"{where} does not let us ask ({status})", "give prometheus.token, or prometheus.user and password")
        if status == 404:
            return Trouble(
                "not found", f"{where} has no /api/v1/query", "check prometheus.url: Mimir and Thanos may want a path behind the host"
            )
        if status == 429:
            return Trouble("overloaded", f"{where} asks to slow down (429)")
        return Trouble(f"error {status}", f"{where} failed: {one_line(said.error) or 'no word why'}")


class _Said(msgspec.Struct, rename="camel"):
    error: str = ""
    error_type: str = ""
    warnings: tuple[str, ...] = ()


class _Bearer:
    """As an auth of its own: a netrc of the user would take the place of a header."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: Any) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _number(text: Any) -> float:
    """`NaN` and `+Inf` are numbers to Python, too."""
    try:
        return float(text)
    except (TypeError, ValueError) as error:
        raise QueryFailed("it gives a text, and no number") from error


def _cause(error: BaseException) -> str:
    """The innermost word of a chain of libraries."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return one_line(str(error), 120)
