"""Writes requirements.lock and requirements-dev.lock: what pip resolves for pyproject.toml, exactly.

Run it with each supported Python (`make lock PYTHONS="python3.11 python3.12 python3.13"`): a package that only some
of them need gets a marker. Hashes are left out on purpose, so that a mirror's own builds install too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
# Needed by redis on the first patch releases only, such as Debian 12's 3.11.2; the Pythons here are newer.
EARLY_PATCH = ("async-timeout", 'python_full_version < "3.11.3"')
HEAD = "# Written by `make lock` from pyproject.toml; do not edit.\n"


def resolve(python: str, requirements: list[str]) -> dict[str, str]:
    """Package to version, as this Python's pip would install them into an empty environment."""
    command = [python, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-"]
    done = subprocess.run([*command, *requirements], capture_output=True, text=True, check=True)
    installed = json.loads(done.stdout)["install"]
    return {item["metadata"]["name"].lower(): item["metadata"]["version"] for item in installed}


def merge(resolved: dict[str, dict[str, str]]) -> list[str]:
    """One line per package; a version that only some Pythons take is marked with theirs."""
    lines = []
    for name in sorted({name for found in resolved.values() for name in found}):
        versions = {version: found.get(name) for version, found in resolved.items()}
        for wanted in sorted({value for value in versions.values() if value}):
            where = [version for version, value in versions.items() if value == wanted]
            marker = " or ".join(f'python_version == "{version}"' for version in where)
            lines.append(f"{name}=={wanted}" + ("" if len(where) == len(versions) else f" ; {marker}"))
    return lines


def version_of(python: str) -> str:
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def main(pythons: list[str]) -> None:
    project = tomllib.loads((BASE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = project["dependencies"]
    everything = runtime + project["optional-dependencies"]["dev"]
    found = {version_of(python): (resolve(python, runtime), resolve(python, everything)) for python in pythons}
    base = merge({version: pair[0] for version, pair in found.items()})
    package, marker = EARLY_PATCH
    base = sorted([*base, f"{package}=={resolve(pythons[0], [package])[package]} ; {marker}"])
    dev = [line for line in merge({version: pair[1] for version, pair in found.items()}) if line not in base]
    (BASE / "requirements.lock").write_text(HEAD + "\n".join(base) + "\n", encoding="utf-8")
    (BASE / "requirements-dev.lock").write_text(HEAD + "\n".join(dev) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:] or [sys.executable])
