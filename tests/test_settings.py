"""Whose word counts, where each value comes from, and what a checkout may not say."""

from pathlib import Path

import platformdirs
import pytest

from warroom.settings import CHECKOUT_MAY_SET, NAMES, TABLES, Prometheus, SettingsTrouble, read_settings


@pytest.fixture(autouse=True)
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's own folder of settings, and an environment without ours."""
    for name in NAMES:
        monkeypatch.delenv(f"WARROOM_{name.upper()}", raising=False)
    for name, table in TABLES.items():
        for field in table.__struct_fields__:
            monkeypatch.delenv(f"WARROOM_{name}_{field}".upper(), raising=False)
    monkeypatch.delenv("KUBECONFIG", raising=False)
    folder = tmp_path / "own"
    folder.mkdir()
    monkeypatch.setattr(platformdirs, "user_config_path", lambda _: folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    (folder / ".git").mkdir(parents=True)
    return folder


def test_flags_before_environment_before_the_users_file_before_the_checkouts(
    own: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def found(flags: dict[str, object]) -> tuple[str, str]:
        settings = read_settings(flags, checkout)
        return settings.selector, settings.source("selector")

    assert found({}) == ("", "default")
    (checkout / "warroom.toml").write_text('selector = "app=checkout"\n')
    assert found({}) == ("app=checkout", str(checkout / "warroom.toml"))
    (own / "warroom.toml").write_text('selector = "app=own"\n')
    assert found({}) == ("app=own", str(own / "warroom.toml"))
    monkeypatch.setenv("WARROOM_SELECTOR", "app=environment")
    assert found({}) == ("app=environment", "WARROOM_SELECTOR")
    assert found({"selector": "app=flag"}) == ("app=flag", "--selector")
    assert found({"selector": None}) == ("app=environment", "WARROOM_SELECTOR")
    monkeypatch.setenv("WARROOM_SELECTOR", "")
    assert found({}) == ("app=own", str(own / "warroom.toml"))


def test_a_checkouts_file_is_found_from_a_folder_inside_it(checkout: Path) -> None:
    (checkout / "warroom.toml").write_text('namespace = "tensafe"\n')
    inside = checkout / "src" / "deep"
    inside.mkdir(parents=True)
    assert read_settings({}, inside).namespace == ("tensafe",)


@pytest.mark.parametrize("name", sorted(set(NAMES) - CHECKOUT_MAY_SET))
def test_a_checkout_may_not_set_what_is_the_users(checkout: Path, name: str) -> None:
    (checkout / "warroom.toml").write_text(f'{name} = "x"\n')
    with pytest.raises(SettingsTrouble, match=f"sets {name}, but a checkout may set only") as caught:
        read_settings({}, checkout)
    assert "\n" not in str(caught.value)


def test_paths_of_a_file_are_seen_from_its_folder(own: Path, checkout: Path) -> None:
    (checkout / "warroom.toml").write_text('runbook = "docs/runbook.md"\n')
    (own / "warroom.toml").write_text('journal = "night.sqlite"\n')
    settings = read_settings({}, checkout)
    assert settings.runbook == (checkout / "docs" / "runbook.md",)
    assert settings.journal_path == own / "night.sqlite"


def test_several_namespaces_come_as_a_list_or_with_commas(own: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "warroom.toml").write_text('namespace = ["a", "b"]\n')
    assert read_settings({}, checkout).namespace == ("a", "b")
    monkeypatch.setenv("WARROOM_NAMESPACE", "c, d")
    assert read_settings({}, checkout).namespace == ("c", "d")
    assert read_settings({"namespace": ("e",)}, checkout).namespace == ("e",)


def test_kubeconfig_is_the_variable_that_kubectl_reads(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", "/a:/b")
    settings = read_settings({}, checkout)
    assert (settings.kubeconfig, settings.source("kubeconfig")) == ("/a:/b", "KUBECONFIG")


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("theme = 'pink'", "theme as set by"),
        ("ascii = 'perhaps'", "ascii as set by"),
        ("colour = 'red'", "colour, which is no setting"),
        ("= 3", "is not TOML"),
        ("namespace = 3", "namespace as set by"),
    ],
)
def test_what_cannot_be_is_told_with_its_file(own: Path, checkout: Path, written: str, words: str) -> None:
    (own / "warroom.toml").write_text(written)
    with pytest.raises(SettingsTrouble, match=words) as caught:
        read_settings({}, checkout)
    assert str(own / "warroom.toml") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_variable_is_named(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARROOM_THEME", "pink")
    with pytest.raises(SettingsTrouble, match="WARROOM_THEME"):
        read_settings({}, checkout)


def test_somebody_without_a_login_name_is_still_somebody(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no username set in the environment")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert read_settings({}, checkout).user.startswith("uid-")


def test_an_address_is_given_alone_or_with_what_proves_who_we_are(own: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (own / "warroom.toml").write_text('[prometheus]\nurl = "https://metrics.example.net"\ntoken = "t0"\nca = "ca.pem"\n')
    found = read_settings({}, checkout)
    assert (found.prometheus.url, found.prometheus.token) == ("https://metrics.example.net", "t0")
    assert found.prometheus.ca == own / "ca.pem"
    assert found.source("prometheus") == str(own / "warroom.toml")
    monkeypatch.setenv("WARROOM_PROMETHEUS_TOKEN", "t1")
    found = read_settings({}, checkout)
    assert (found.prometheus.url, found.prometheus.token) == ("https://metrics.example.net", "t1")
    (own / "warroom.toml").write_text('prometheus = "in-cluster"\n')
    assert read_settings({}, checkout).prometheus.url == "in-cluster"


@pytest.mark.parametrize("nearer", ["flag", "environment"])
def test_credentials_do_not_follow_another_address(own: Path, checkout: Path, monkeypatch: pytest.MonkeyPatch, nearer: str) -> None:
    (own / "warroom.toml").write_text('[prometheus]\nurl = "https://metrics.example.net"\ntoken = "t0"\nuser = "ana"\npassword = "p"\n')
    if nearer == "environment":
        monkeypatch.setenv("WARROOM_PROMETHEUS_URL", "http://127.0.0.1:9090")
    found = read_settings({"prometheus": "http://127.0.0.1:9090"} if nearer == "flag" else {}, checkout)
    assert found.prometheus == Prometheus(url="http://127.0.0.1:9090")
    assert found.source("prometheus") == ("--prometheus" if nearer == "flag" else "WARROOM_PROMETHEUS_URL")


def test_a_table_with_an_unknown_name_is_told_with_its_file(own: Path, checkout: Path) -> None:
    (own / "warroom.toml").write_text('[health]\npubic = "https://example.net/health"\n')
    with pytest.raises(SettingsTrouble, match=r"health as set by .*warroom\.toml is not valid .*pubic"):
        read_settings({}, checkout)


def test_several_runbooks_are_a_list_or_paths_as_in_path(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / "warroom.toml").write_text('runbook = ["docs/one.md", "docs/two"]\n')
    assert read_settings({}, checkout).runbook == (checkout / "docs" / "one.md", checkout / "docs" / "two")
    monkeypatch.setenv("WARROOM_RUNBOOK", "/a.md:/b")
    assert read_settings({}, checkout).runbook == (Path("/a.md"), Path("/b"))
    assert read_settings({"runbook": (Path("/c.md"),)}, checkout).runbook == (Path("/c.md"),)
