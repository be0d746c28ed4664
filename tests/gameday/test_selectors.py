"""Selectors as kubectl writes them."""

import pytest

from warroom.gameday import selectors
from warroom.gameday.resources import EVENTS, NODES, PODS, Resource

POD = {
    "metadata": {"name": "a", "namespace": "n", "labels": {"app": "api", "tier": "web"}},
    "spec": {"nodeName": "node-1"},
    "status": {"phase": "Running"},
}


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("app=api", True),
        ("app==api,tier=web", True),
        ("app!=api", False),
        ("gone!=x", True),
        ("app in (db,api)", True),
        ("app in (db,api),tier notin (web)", False),
        ("gone notin (x)", True),
        ("app", True),
        ("!app", False),
        ("!gone", True),
        ("", True),
    ],
)
def test_labels(text: str, fits: bool) -> None:
    assert selectors.labels(text)(POD) is fits


def test_labels_of_an_object_without_any() -> None:
    assert selectors.labels("!app")({"metadata": {"name": "a"}})


@pytest.mark.parametrize("text", ["a b", "=x", "app in db", "a=b=c"])
def test_a_label_selector_that_means_nothing(text: str) -> None:
    with pytest.raises(selectors.BadSelector):
        selectors.labels(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("metadata.name=a", True),
        ("metadata.name!=a", False),
        ("metadata.namespace=n,status.phase=Running", True),
        ("spec.nodeName=node-1,status.phase!=Failed,status.phase!=Succeeded", True),
        ("status.podIP=", True),
    ],
)
def test_fields(text: str, fits: bool) -> None:
    assert selectors.fields(text, PODS)(POD) is fits


def test_fields_of_an_event() -> None:
    event = {
        "metadata": {"name": "e"},
        "involvedObject": {"kind": "Pod", "name": "a"},
        "type": "Warning",
        "source": {"component": "kubelet"},
    }
    assert selectors.fields("involvedObject.name=a,involvedObject.kind=Pod,type!=Normal,source=kubelet", EVENTS)(event)


@pytest.mark.parametrize(("text", "resource"), [("metadata.uid=x", PODS), ("metadata.namespace=x", NODES), ("nonsense", PODS)])
def test_a_field_selector_that_is_not_supported(text: str, resource: Resource) -> None:
    with pytest.raises(selectors.BadSelector):
        selectors.fields(text, resource)
