"""What proves who we are: certificates and keys in private files, and plugins that log in."""

import asyncio
import base64
import hashlib
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from warroom.feeds.access import Section, Settled, bytes_of
from warroom.feeds.trouble import Trouble, one_line

PLUGIN_SECONDS = 30.0


def with_files(section: Section, folder: Path) -> Section:
    """Certificates and keys that the section holds as text, put into the private folder instead."""
    section = dict(section)
    for name in ("certificate-authority", "client-certificate", "client-key"):
        if section.get(f"{name}-data"):
            path = folder / name
            path.touch(mode=0o600)
            path.write_bytes(bytes_of(section, name))
            del section[f"{name}-data"]
            section[name] = str(path)
    if section.get("tokenFile"):
        try:
            section["token"] = Path(str(section.pop("tokenFile"))).read_text().strip()
        except OSError as error:
            raise Trouble("no credentials", f"the token's file cannot be read: {error}", "log in again in another terminal") from error
    return section


def fingerprint(*sections: Section) -> str:
    """Changes when a section does, or a file that it names."""
    mark = hashlib.sha256()
    for section in sections:
        mark.update(msgspec.json.encode(section, enc_hook=str))
        for name in ("certificate-authority", "client-certificate", "client-key", "tokenFile"):
            with suppress(OSError):
                mark.update(Path(str(section[name])).read_bytes() if section.get(name) else b"")
    return mark.hexdigest()


async def ask_plugin(settled: Settled) -> Section:
    """The user with the credentials of its exec plugin, which gets no terminal: the keys belong to the console."""
    plugin = settled.user_section["exec"]
    command, version = str(plugin.get("command", "")), str(plugin.get("apiVersion", ""))
    if plugin.get("interactiveMode") == "Always":
        raise Trouble(
            "log in", f"{command} wants a terminal to log {settled.user} in", "run: kubectl get pods in another terminal, then press ctrl+r"
        )
    spec: Section = {"interactive": False}
    if plugin.get("provideClusterInfo"):
        told = ("server", "certificate-authority-data", "tls-server-name")
        spec["cluster"] = {key: settled.cluster_section[key] for key in told if key in settled.cluster_section}
    asked = {"apiVersion": version, "kind": "ExecCredential", "spec": spec}
    env = {**os.environ, "KUBERNETES_EXEC_INFO": msgspec.json.encode(asked).decode()}
    env.update({str(one["name"]): str(one["value"]) for one in plugin.get("env") or ()})
    args = [str(one) for one in plugin.get("args") or ()]
    try:
        process = await asyncio.create_subprocess_exec(
            command,
            *args,
            env=env,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        hint = one_line(str(plugin.get("installHint") or "")) or "install it, or put it on the PATH"
        raise Trouble("no credentials", f"{command}, which logs {settled.user} in, cannot be run: {error.strerror}", hint) from error
    try:
        async with asyncio.timeout(PLUGIN_SECONDS):
            out, complaint = await process.communicate()
    except TimeoutError as error:
        raise Trouble(
            "no credentials", f"{command} gave none within {PLUGIN_SECONDS:.0f} s", "run it by hand in another terminal"
        ) from error
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
    if process.returncode:
        why = one_line(complaint.decode(errors="replace"), 160)
        raise Trouble(
            "no credentials", f"{command} failed with {process.returncode}: {why}", "log in again in another terminal, then press ctrl+r"
        )
    try:
        status = msgspec.json.decode(out)["status"]
        given = {
            "token": status.get("token"),
            "client-certificate-data": _packed(status.get("clientCertificateData")),
            "client-key-data": _packed(status.get("clientKeyData")),
        }
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            "no credentials", f"{command} answered with something that is no ExecCredential", "run it by hand and look"
        ) from error
    rest = {key: value for key, value in settled.user_section.items() if key != "exec"}
    return {**rest, **{key: value for key, value in given.items() if value}}


def _packed(text: Any) -> str:
    return base64.b64encode(str(text).encode()).decode() if text else ""
