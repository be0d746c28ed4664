"""Which kinds there are, in the two forms that clients ask for."""

from warroom.gameday.resources import METRICS, PODS, RESOURCES, SERVICES, Json, Resource

AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"
VERSION = {
    "major": "1",
    "minor": "37",
    "gitVersion": "v1.37.2+gameday",
    "gitCommit": "",
    "gitTreeState": "clean",
    "buildDate": "1970-01-01T00:00:00Z",
    "goVersion": "",
    "compiler": "",
    "platform": "linux/amd64",
}
_READ = ["get", "list", "watch"]
_ALL = RESOURCES + METRICS
_SUBS: dict[Resource, tuple[tuple[str, list[str]], ...]] = {
    PODS: (("exec", ["create", "get"]), ("log", ["get"]), ("proxy", ["get"])),
    SERVICES: (("proxy", ["get"]),),
}
"""What else can be asked of one object, beside its scale."""
_REVIEWS = Resource("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", namespaced=False)


def groups() -> list[str]:
    """The named ones; core is served under /api."""
    return sorted({resource.group for resource in (*_ALL, _REVIEWS) if resource.group})


def version_of(group: str) -> str:
    """Each group has one here."""
    return next(resource.version for resource in (*_ALL, _REVIEWS) if resource.group == group)


def verbs(resource: Resource) -> list[str]:
    if resource in METRICS:
        return ["get", "list"]
    return ["create"] if resource is _REVIEWS else ["delete", *_READ, "patch"]


def _of(group: str) -> list[Resource]:
    return sorted((r for r in (*_ALL, _REVIEWS) if r.group == group), key=lambda r: r.plural)


def aggregated(core: bool) -> Json:
    """APIGroupDiscoveryList of /api or /apis."""
    items = []
    for group in [""] if core else groups():
        listed = []
        for r in _of(group):
            entry: Json = {
                "resource": r.plural,
                "responseKind": {"group": group, "version": r.version, "kind": r.kind},
                "scope": "Namespaced" if r.namespaced else "Cluster",
                "singularResource": r.singular,
                "verbs": verbs(r),
            }
            if r.short:
                entry["shortNames"] = list(r.short)
            if r.categories:
                entry["categories"] = list(r.categories)
            if r.scalable:
                kind = {"group": "autoscaling", "version": "v1", "kind": "Scale"}
                entry["subresources"] = [{"subresource": "scale", "responseKind": kind, "verbs": ["get", "patch", "update"]}]
            for sub, allowed in _SUBS.get(r, ()):
                kind = {"group": "", "version": "v1", "kind": r.kind}
                entry.setdefault("subresources", []).append({"subresource": sub, "responseKind": kind, "verbs": allowed})
            listed.append(entry)
        metadata = {"name": group} if group else {}
        items.append({"metadata": metadata, "versions": [{"version": version_of(group), "resources": listed, "freshness": "Current"}]})
    return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}


def versions() -> Json:
    return {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []}


def group(name: str) -> Json:
    version = {"groupVersion": f"{name}/{version_of(name)}", "version": version_of(name)}
    return {"name": name, "versions": [version], "preferredVersion": version}


def group_list() -> Json:
    return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group(name) for name in groups()]}


def resource_list(name: str) -> Json | None:
    """APIResourceList of one group."""
    if name and name not in groups():
        return None
    listed: list[Json] = []
    for r in _of(name):
        entry: Json = {"name": r.plural, "singularName": r.singular, "namespaced": r.namespaced, "kind": r.kind, "verbs": verbs(r)}
        listed.append(
            {**entry, **({"shortNames": list(r.short)} if r.short else {}), **({"categories": list(r.categories)} if r.categories else {})}
        )
        if r.scalable:
            scale = {"group": "autoscaling", "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"]}
            listed.append({"name": f"{r.plural}/scale", "singularName": "", "namespaced": True, **scale})
        for sub, allowed in _SUBS.get(r, ()):
            listed.append({"name": f"{r.plural}/{sub}", "singularName": "", "namespaced": True, "kind": r.kind, "verbs": allowed})
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{name}/{version_of(name)}" if name else "v1",
        "resources": listed,
    }
