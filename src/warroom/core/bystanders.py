"""What else has a say in a change: who keeps the object as a repository has it, autoscalers, disruption budgets."""

from warroom.core.compared import Json
from warroom.core.mutation import Mutation
from warroom.core.seen import WORKLOADS, Seen, Told

OWNERS = (
    ("argocd.argoproj.io/", "Argo CD"),
    ("kustomize.toolkit.fluxcd.io/", "Flux"),
    ("helm.toolkit.fluxcd.io/", "Flux"),
    ("configmanagement.gke.io/", "Config Sync"),
)


def tell_owners(mutation: Mutation, seen: Seen, told: Told) -> None:
    """What keeps the object as a repository has it, and would take the change back."""
    metadata = seen.target.get("metadata") or {}
    notes = [*(metadata.get("labels") or {}), *(metadata.get("annotations") or {})]
    owner = next((name for start, name in OWNERS if any(note.startswith(start) for note in notes)), None)
    if owner and mutation.kind != "pod":
        told.mild.append(f"{owner} keeps {mutation.object} as its repository has it: it may take this change back")
    elif mutation.kind in WORKLOADS:
        told.calm.append("no GitOps owner")
    if mutation.kind == "deployment" and not (seen.target.get("spec") or {}).get("paused"):
        told.calm.append("not paused")


def tell_autoscaler(mutation: Mutation, seen: Seen, told: Told) -> None:
    if mutation.kind not in WORKLOADS:
        return
    if seen.scalers is None:
        told.mild.append("whether an autoscaler minds could not be read")
        return
    for one in seen.scalers:
        to = (one.get("spec") or {}).get("scaleTargetRef") or {}
        if (to.get("kind", "").casefold(), to.get("name")) == (mutation.kind, mutation.name):
            least, most = one["spec"].get("minReplicas", 1), one["spec"]["maxReplicas"]
            told_it = f"autoscaler {one['metadata']['name']} keeps {least} to {most} replicas"
            (told.mild if mutation.verb == "scale" else told.calm).append(
                f"{told_it}: it may scale again" if mutation.verb == "scale" else told_it
            )
            return
    told.calm.append("no autoscaler")


def tell_budgets(mutation: Mutation, seen: Seen, told: Told) -> None:
    if mutation.kind not in (*WORKLOADS, "pod", "node") or mutation.verb in ("label", "annotate", "uncordon", "cordon"):
        return
    if seen.budgets is None:
        told.mild.append("whether a disruption budget minds could not be read")
        return
    mine = [one for one in seen.budgets if any(_selects(one, pod) for pod in seen.pods)]
    for one in mine:
        allowed = int((one.get("status") or {}).get("disruptionsAllowed", 0))
        told_it = f"disruption budget {one['metadata']['name']} allows {allowed}"
        if allowed == 0 and mutation.verb in ("delete", "scale"):
            told.mild.append(f"{told_it}, and {mutation.verb} does not ask it")
        elif allowed == 0 and mutation.verb == "drain":
            told.mild.append(f"{told_it}: the drain waits until it allows more")
        else:
            told.calm.append(told_it)
    if not mine:
        told.calm.append("no disruption budget")


def _selects(budget: Json, pod: Json) -> bool:
    wanted = ((budget.get("spec") or {}).get("selector") or {}).get("matchLabels") or {}
    labels = pod["metadata"].get("labels") or {}
    return bool(wanted) and all(labels.get(key) == value for key, value in wanted.items())
