"""Check Your Integrations: what is looked at, and what is found.

A finding is "<code>" or "<code>:<detail>".
"""

from collections.abc import Sequence

SCOPES, WORKER, EMAIL = "scopes", "worker", "email"
ALL = (SCOPES, WORKER, EMAIL)

OK = "ok"
UNKNOWN = "unknown"  # it could not be looked at
MISSING = "missing"  # scopes; the detail names them
LATE = "late"  # messages that should have left; the detail counts them
AWAY = "away"  # no worker is there
NOT_USED = "not_used"


def scopes(missing: Sequence[str] | None) -> str:
    """What the scopes that are *missing* mean; None: Slack did not say which there are."""
    if missing is None:
        return UNKNOWN
    return f"{MISSING}:{', '.join(missing)}" if missing else OK


def worker(workers: int | None, *, late: int) -> str:
    """What so many *workers* and *late* messages mean; None: there is no queue that knows of workers."""
    if late:
        return f"{LATE}:{late}"
    return AWAY if workers == 0 else OK
