"""Changes an annotation of the pods of a namespace so many times a second; prints how many it did.

python -m benchmarks.churn KUBECONFIG NAMESPACE PER_SECOND SECONDS
"""

import base64
import http.client
import json
import random
import ssl
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

LANES = 16


class Api:
    """A connection as the current context of a kubeconfig says."""

    def __init__(self, kubeconfig: Path) -> None:
        config = msgspec.yaml.decode(kubeconfig.read_bytes())
        context = _named(config["contexts"], config["current-context"])["context"]
        cluster = _named(config["clusters"], context["cluster"])["cluster"]
        user = _named(config["users"], context["user"])["user"]
        server = urlsplit(cluster["server"])
        assert server.hostname is not None
        self.headers = {"Authorization": f"Bearer {user['token']}"} if "token" in user else {}
        if server.scheme == "http":
            self._connection = http.client.HTTPConnection(server.hostname, server.port or 80, timeout=30)
            return
        trust = ssl.create_default_context(cadata=base64.b64decode(cluster["certificate-authority-data"]).decode())
        if "client-certificate-data" in user:
            with tempfile.NamedTemporaryFile(suffix=".pem") as both:
                both.write(base64.b64decode(user["client-certificate-data"]) + b"\n" + base64.b64decode(user["client-key-data"]))
                both.flush()
                trust.load_cert_chain(both.name)
        self._connection = http.client.HTTPSConnection(server.hostname, server.port or 443, timeout=30, context=trust)

    def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {**self.headers, "Content-Type": "application/json"}
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = self._connection.getresponse()
        read = response.read()
        if response.status >= 300:
            raise RuntimeError(f"{method} {path}: {response.status} {read[:200]!r}")
        return read


def _named(those: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(each for each in those if each["name"] == name)


def main() -> None:
    kubeconfig, namespace, per_second, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3]), float(sys.argv[4])
    path = f"/api/v1/namespaces/{namespace}/pods"
    items = json.loads(Api(kubeconfig).call("GET", path + "?limit=2000"))["items"]
    pods = [
        {**item, "metadata": {k: v for k, v in item["metadata"].items() if k not in ("resourceVersion", "managedFields")}} for item in items
    ]
    began, done = time.monotonic() + 0.2, [0] * LANES

    def lane(place: int) -> None:
        api, chance, n = Api(kubeconfig), random.Random(place), 0
        while (due := began + (n * LANES + place) / per_second) < began + seconds:
            time.sleep(max(0.0, due - time.monotonic()))
            if time.monotonic() > began + seconds:
                return
            pod = chance.choice(pods)
            pod["metadata"].setdefault("annotations", {})["bench/n"] = f"{place}-{n}"
            api.call("PUT", f"{path}/{pod['metadata']['name']}", pod)
            n += 1
            done[place] = n

    lanes = [threading.Thread(target=lane, args=(place,)) for place in range(LANES)]
    for each in lanes:
        each.start()
    for each in lanes:
        each.join()
    print(json.dumps({"changes": sum(done), "seconds": time.monotonic() - began}))


if __name__ == "__main__":
    main()
