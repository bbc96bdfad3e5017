"""Where a Chromium is on this machine; plain standard library, so that set-up can ask before anything is installed."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DOWNLOADED = "chromium-*/chrome-linux*/chrome"


def find_chromium() -> str | None:
    """Its path: what CHROMIUM_PATH names, else one on the PATH, else one that Playwright downloaded."""
    named = os.environ.get("CHROMIUM_PATH", "")
    if named and Path(named).exists():
        return named
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path), None) or find_downloaded()


def find_downloaded() -> str | None:
    folder = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return next((str(path) for path in sorted(Path(folder).glob(DOWNLOADED), reverse=True)), None)
