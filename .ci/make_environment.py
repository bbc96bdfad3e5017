"""Makes the virtual environment .venv and installs the locked versions; does nothing where that is done already.

Runs on any Python >= 3.11 with nothing but the standard library, and copes with a Python that lacks ensurepip
(Debian without python3-venv), with or without root, with or without a pip of its own.
"""

from __future__ import annotations

import configparser
import hashlib
import html.parser
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"runtime": BASE / "requirements.lock", "dev": BASE / "requirements-dev.lock"}


class CannotMakeEnvironment(Exception):
    """No way to a virtual environment with pip is left."""


def main(level: str) -> int:
    try:
        if not has_pip():
            make_environment()
        if not is_installed(level):
            install(level)
    except CannotMakeEnvironment as reason:
        print(f"agentdesk: {reason}", file=sys.stderr)
        return 1
    return 0


# --- What is there already ---


def stamp(level: str) -> Path:
    return VENV / f".installed-{level}"


def fingerprint(level: str) -> str:
    wanted = [LOCKS["runtime"]] if level == "runtime" else list(LOCKS.values())
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in wanted)).hexdigest()


def is_installed(level: str) -> bool:
    """Whether these very locks are installed; the dev set holds the runtime set too."""
    levels = ("runtime", "dev") if level == "runtime" else ("dev",)
    return any(stamp(each).exists() and stamp(each).read_text() == fingerprint(each) for each in levels)


def has_pip() -> bool:
    return PYTHON.exists() and not was_moved() and (is_installed("runtime") or runs(PYTHON, "-m", "pip", "--version"))


def was_moved() -> bool:
    """Whether the folder was moved since: the environment's programs then name a path that is gone."""
    made_at = VENV / ".made-at"
    return made_at.exists() and made_at.read_text() != str(VENV)


def runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


# --- A virtual environment with pip in it ---


def make_environment() -> None:
    tell(f"making .venv with Python {sys.version.split()[0]}")
    ways: list[Callable[[], bool]] = [
        with_ensurepip,
        with_pip_of_the_host,
        with_pip_of_the_distribution,
        with_pip_from_the_index,
        with_apt,
    ]
    for way in ways:
        shutil.rmtree(VENV, ignore_errors=True)
        if way() and runs(PYTHON, "-m", "pip", "--version"):
            (VENV / ".made-at").write_text(str(VENV))
            return
    shutil.rmtree(VENV, ignore_errors=True)
    raise CannotMakeEnvironment(
        "no virtual environment could be made: this Python has neither ensurepip nor pip, and no pip could be fetched; "
        "install python3-venv, or name your package index in PIP_INDEX_URL"
    )


def host_python() -> str:
    """The Python outside any virtual environment: .venv's own may be what is being replaced."""
    return getattr(sys, "_base_executable", None) or sys.executable


def with_ensurepip() -> bool:
    return runs(host_python(), "-m", "venv", VENV)


def with_pip_of_the_host() -> bool:
    return (
        runs(host_python(), "-m", "pip", "--version")
        and runs(host_python(), "-m", "venv", "--without-pip", VENV)
        and runs(host_python(), "-m", "pip", "--python", PYTHON, "install", "pip")
    )


def with_pip_of_the_distribution() -> bool:
    """The pip that the distribution packs for its own venv: fetched and unpacked, which takes no root."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    with tempfile.TemporaryDirectory() as folder:
        fetched = subprocess.run(["apt-get", "download", "-qq", "python3-pip-whl"], cwd=folder, capture_output=True)
        packages = sorted(Path(folder).glob("*.deb"))
        if fetched.returncode or not packages or not runs("dpkg-deb", "-x", packages[0], Path(folder) / "unpacked"):
            return False
        wheels = sorted(Path(folder).glob("unpacked/usr/share/python-wheels/pip-*.whl"))
        return bool(wheels) and with_wheel(wheels[0])


def with_wheel(wheel: Path) -> bool:
    return runs(host_python(), "-m", "venv", "--without-pip", VENV) and runs(
        PYTHON, wheel / "pip", "install", "--no-index", wheel
    )


def with_pip_from_the_index() -> bool:
    if not read_pip_setting("index_url"):
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            wheel = download_pip(Path(folder))
        except (OSError, ValueError, urllib.error.URLError) as error:
            tell(f"pip could not be downloaded: {error}")
            return False
        return with_wheel(wheel)


def with_apt() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    tell("installing python3-venv with apt-get")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, capture_output=True, check=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    for package in (version, "python3-venv"):
        subprocess.run(["apt-get", "install", "-y", "-qq", package], env=quiet, capture_output=True, check=False)
        if with_ensurepip():
            return True
    return False


# --- pip itself, from the index pip is told to use ---


class Links(html.parser.HTMLParser):
    """The addresses on an index page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "a" and attributes.get("href") and "data-yanked" not in attributes:
            self.found.append(str(attributes["href"]))


def read_pip_setting(name: str) -> str:
    """What PIP_* or a pip.conf says, in pip's own order."""
    if f"PIP_{name.upper()}" in os.environ:
        return os.environ[f"PIP_{name.upper()}"]
    parser = configparser.RawConfigParser()
    home = Path.home()
    parser.read(
        [
            "/etc/pip.conf",
            home / ".pip" / "pip.conf",
            home / ".config" / "pip" / "pip.conf",
            os.environ.get("PIP_CONFIG_FILE", os.devnull),
        ]
    )
    return parser.get("global", name.replace("_", "-"), fallback="")


def download_pip(folder: Path) -> Path:
    index = read_pip_setting("index_url").rstrip("/")
    page = f"{index}/pip/"
    links = Links()
    links.feed(fetch(page).decode())
    wheels = {version_of(link): link for link in links.found if version_of(link)}
    if not wheels:
        raise ValueError(f"no pip wheel at {urllib.parse.urlsplit(page).hostname}")
    address, _, digest = urllib.parse.urljoin(page, wheels[max(wheels)]).partition("#")
    content = fetch(address)
    if digest.startswith("sha256=") and hashlib.sha256(content).hexdigest() != digest.removeprefix("sha256="):
        raise ValueError("the pip wheel's hash is wrong")
    wheel = folder / urllib.parse.unquote(address.rpartition("/")[2])
    wheel.write_bytes(content)
    return wheel


def version_of(link: str) -> tuple[int, ...]:
    """(24, 3, 1) for a released pip wheel's address, else nothing."""
    match = re.search(r"/pip-(\d+(?:\.\d+)*)-py3-none-any\.whl(?:#|$)", f"/{link}")
    return tuple(int(part) for part in match.group(1).split(".")) if match else ()


def fetch(address: str) -> bytes:
    authority = read_pip_setting("cert") or None
    context = ssl.create_default_context(cafile=authority)
    parts = urllib.parse.urlsplit(address)
    request = urllib.request.Request(parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl())
    if parts.username:
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        passwords.add_password(None, request.full_url, parts.username, parts.password or "", is_authenticated=True)
        opener = urllib.request.build_opener(
            urllib.request.HTTPBasicAuthHandler(passwords), urllib.request.HTTPSHandler(context=context)
        )
    else:
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
    with opener.open(request, timeout=60) as answer:
        content: bytes = answer.read()
    return content


# --- The locked packages ---


def install(level: str) -> None:
    tell("installing what the demo needs" if level == "runtime" else "installing what the tests need")
    wanted = [LOCKS["runtime"]] if level == "runtime" else list(LOCKS.values())
    arguments = [argument for path in wanted for argument in ("-r", str(path))]
    # Python compiles what is imported when it is first imported; most modules of these packages never are.
    options = ["-qq", "--disable-pip-version-check", "--no-input", "--no-compile"]
    command = [PYTHON, "-m", "pip", "install", *options, *arguments]
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_USER": "0"}
    if subprocess.run(command, env=environment, check=False).returncode:
        raise CannotMakeEnvironment("the packages could not be installed; pip's own words are above")
    stamp(level).write_text(fingerprint(level))


def tell(line: str) -> None:
    print(f"agentdesk: {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "runtime"))
