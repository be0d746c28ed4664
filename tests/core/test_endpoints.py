"""Which addresses a runbook's commands name, and that nothing else is ever asked by itself."""

from pathlib import Path

import pytest

import warroom.runbook
from warroom.core.endpoints import Endpoints, Inside, belongs, endpoints, endpoints_of
from warroom.core.readings import Pod
from warroom.runbook.reader import read


def test_the_shipped_runbook_names_metrics_two_healths_and_the_public_one() -> None:
    text = (Path(warroom.runbook.__file__).parent / "tensafe.md").read_text()
    assert endpoints_of(read(text, "tensafe.md")) == Endpoints(
        inside=(
            Inside("health", "deployment/tensafe-server", "http", 8000, "/health"),
            Inside("metrics", "deployment/tensafe-server", "http", 9090, "/metrics"),
            Inside("health", "deployment/tensafe-server", "http", 8000, "/health/db"),
        ),
        public=("https://api.tensafe.dev/health",),
    )


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (
            "kubectl exec deploy/web -n a -- wget -qO- http://127.0.0.1:8080/healthz",
            Inside("health", "deploy/web", "http", 8080, "/healthz"),
        ),
        ("kubectl exec -it db-0 -c x -- curl localhost:81/health | jq .", Inside("health", "db-0", "http", 81, "/health")),
        (
            "kubectl -n a exec svc/web -- curl -s \\\n  http://localhost/metrics | grep up_",
            Inside("metrics", "svc/web", "http", 80, "/metrics"),
        ),
        ("curl -sm 5 https://x.example/ready", "https://x.example/ready"),
        ('curl -s -o /dev/null -w "%{http_code}" https://x.example:8443/status/', "https://x.example:8443/status/"),
        ("curl -sSf https://x.example/healthz && echo fine", "https://x.example/healthz"),
    ],
)
def test_an_address_that_is_plainly_read(command: str, expected: Inside | str) -> None:
    found = endpoints([command])
    assert (*found.inside, *found.public) == (expected,)


@pytest.mark.parametrize(
    "command",
    [
        "curl -XPOST https://x.example/health",
        "curl -X DELETE https://x.example/health",
        "curl -sd '{}' https://x.example/health",
        "curl --data @file https://x.example/health",
        "curl -H 'Authorization: Bearer $TOKEN' https://x.example/health",
        "curl -u admin:secret https://x.example/health",
        "curl https://x.example/cache/flush",
        "curl https://x.example/",
        "curl https://<host>/health",
        "curl https://$HOST/health",
        "curl 'https://x.example/health?reset=1'",
        "curl http://localhost:8080/health",  # of whoever's machine
        "kubectl exec deploy/web -- curl http://other:80/health",
        "kubectl exec deploy/web -- curl -X POST localhost:80/health",
        "kubectl exec <pod-name> -- curl -sk https://localhost:8443/readyz",
        "kubectl exec $POD -- curl -s localhost:8443/readyz",
        "kubectl exec deploy/db -it -- sh -c 'curl -X POST localhost/health'",
        "kubectl get pods",
        "curl 'https://x.example/health",  # no shell text
        "echo https://x.example/health",
    ],
)
def test_what_sends_or_needs_a_person_or_is_no_health_is_left_alone(command: str) -> None:
    assert endpoints([command]) == Endpoints()


def pod(name: str, owner: str, template: str = "") -> Pod:
    return Pod(f"a/{name}", "a", name, name, None, "Running", "n", owner, template, ())


WEB = pod("web-7d9f-x2x", "ReplicaSet/web-7d9f", "7d9f")


@pytest.mark.parametrize(
    ("one", "workload", "expected"),
    [
        (WEB, "deployment/web", True),
        (WEB, "deploy/web", True),
        (WEB, "deployment/we", False),
        (WEB, "statefulset/web", False),
        (pod("web-7d9f-x2x", "ReplicaSet/web-7d9f", "7d9f"), "rs/web-7d9f", True),
        (pod("web-api-7d9f-x2x", "ReplicaSet/web-api-7d9f", "7d9f"), "deployment/web", False),
        (pod("db-0", "StatefulSet/db"), "statefulset/db", True),
        (pod("db-0", "StatefulSet/db"), "db-0", True),
        (pod("db-1", "StatefulSet/db"), "pod/db-0", False),
        (WEB, "svc/web", True),
        (pod("web-0", "StatefulSet/web"), "service/web", True),
        (pod("db-0", "StatefulSet/db"), "svc/web", False),
    ],
)
def test_whose_pod_it_is(one: Pod, workload: str, expected: bool) -> None:
    assert belongs(one, workload) is expected
