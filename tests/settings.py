"""The settings under test: the real ones, with a quick password hash and databases of this run's own."""

import os
import tempfile
from pathlib import Path

RUN = f"agentdesk-test-{os.getpid()}"
os.environ.setdefault("SECRET_KEY", "a-key-for-tests-that-guards-nothing-at-all-0123456789")
os.environ["EMAIL_URL"] = "memory://"
os.environ["REDIS_PREFIX"] = RUN
os.environ.pop("DEMO", None)

from agentdesk.settings import *  # noqa: E402, F403
from agentdesk.settings import DATABASES, ENVIRONMENT, LOGGING  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: threads then meet the locks they meet in life.
_sqlite_file = str(Path(tempfile.gettempdir()) / f"{RUN}.sqlite3")
DATABASES["default"]["TEST"] = {"NAME": _sqlite_file if ENVIRONMENT.is_sqlite else RUN.replace("-", "_")}
if not ENVIRONMENT.is_sqlite:
    # Nobody reads these rows after a power cut.
    _options = DATABASES["default"]["OPTIONS"]
    _options["options"] = f"{_options.get('options', '')} -c synchronous_commit=off".strip()
# One line per request of a test that polls would bury what failed.
LOGGING["loggers"]["httpx"] = {"level": "WARNING"}
