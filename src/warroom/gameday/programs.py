"""The few programs that the containers have."""

from collections.abc import Sequence
from datetime import datetime

from warroom.gameday.curl import Curl
from warroom.gameday.endpoints import Endpoints
from warroom.gameday.psql import Psql
from warroom.gameday.ran import Ran
from warroom.gameday.resources import Json
from warroom.gameday.simulation import Simulation

DATABASE = "postgres:"


class Programs:
    def __init__(self, simulation: Simulation, endpoints: Endpoints) -> None:
        self._curl = Curl(simulation, endpoints)
        self._psql = Psql(simulation)

    def known(self, container: Json) -> list[str]:
        """In this container."""
        database = str(container["image"]).rpartition("/")[2].startswith(DATABASE)
        return ["cat", *(() if database else ("curl",)), "echo", "env", "hostname", *(("psql",) if database else ()), "true"]

    def run(self, pod: Json, container: Json, words: Sequence[str], given: bytes, now: datetime) -> Ran | None:
        """`given` is its standard input, whole. None when the container has no such program."""
        program = words[0].rpartition("/")[2] if words else ""
        if program not in self.known(container):
            return None
        match program:
            case "curl":
                return self._curl.run(pod, words[1:], now)
            case "psql":
                return self._psql.run(words[1:], now)
            case "cat" if len(words) == 1:
                return Ran(given)
            case "cat":
                return Ran(err=b"".join(f"cat: {word}: No such file or directory\n".encode() for word in words[1:]), code=1)
            case "echo":
                return Ran(" ".join(words[1:]).encode() + b"\n")
            case "env":
                told = {"HOSTNAME": pod["metadata"]["name"], **{one["name"]: one["value"] for one in container.get("env", ())}}
                return Ran("".join(f"{name}={value}\n" for name, value in told.items()).encode())
            case "hostname":
                return Ran(f"{pod['metadata']['name']}\n".encode())
        return Ran()
