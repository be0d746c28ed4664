"""What a scenario's file says of its course: the steps that happen at their moments."""

from typing import Literal

from warroom.gameday.plans import Part, Span


class Step(Part, frozen=True, kw_only=True, tag_field="what"):
    at: Span = Span()


class RolloutStep(Step, frozen=True, kw_only=True, tag="rollout"):
    deployment: str
    image: str
    cause: str = ""


class ScaleStep(Step, frozen=True, kw_only=True, tag="scale"):
    deployment: str
    replicas: int


class CrashStep(Step, frozen=True, kw_only=True, tag="crash"):
    """Some pods of a deployment crash, a given number of times each."""

    deployment: str
    pods: int = 1
    times: int = 1
    exit: int = 137
    reason: str = "OOMKilled"
    message: str = ""


class DeleteStep(Step, frozen=True, kw_only=True, tag="delete"):
    deployment: str
    pods: int = 1


class ChurnStep(Step, frozen=True, kw_only=True, tag="churn"):
    """The readiness of a deployment's pods flaps, many times a scenario second."""

    deployment: str
    per_second: float
    lasts: Span


class NodeStep(Step, frozen=True, kw_only=True, tag="node"):
    node: str
    ready: bool


class EventStep(Step, frozen=True, kw_only=True, tag="event"):
    """Something that a program of the cluster reports, in one of the three shapes of events."""

    object: str
    """`pod/tensafe-postgresql-0`"""
    reason: str
    message: str
    type: Literal["Normal", "Warning"] = "Warning"
    shape: Literal["counted", "series", "once"] = "counted"
    times: int = 1
    every: Span = Span(10.0)
    by: str = "tensafe.dev/gameday"
    while_fault: str = ""
    """Said only while this fault is there."""


class EndpointStep(Step, frozen=True, kw_only=True, tag="endpoint"):
    """What an address of the service answers from now on."""

    path: str
    status: int


class ServerStep(Step, frozen=True, kw_only=True, tag="server"):
    """The API server itself refuses requests."""

    status: int
    times: int
    path: str = ""
    retry_after: int = 1


AnyStep = RolloutStep | ScaleStep | CrashStep | DeleteStep | ChurnStep | NodeStep | EventStep | EndpointStep | ServerStep
