"""The company that the demo plays in, and that anyone can try Sessions with."""

from typing import Any

ZONES = [
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Paris",
    "Africa/Lagos",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Australia/Sydney",
]
COLLEAGUES, LEFT, GUESTS = 60, 2, 2  # those who left and guests are not asked
COMPANY: dict[str, Any] = {
    "workspace": {"id": "T0ACME", "name": "Acme"},
    "people": [{"handle": "ana", "name": "Ana Lima", "tz": "Europe/Paris", "admin": True}],
    "generate": {"people": COLLEAGUES - 1, "seed": 7, "zones": ZONES, "deactivated": LEFT, "guests": GUESTS},
    "channels": [{"name": "general", "members": "all"}, {"name": "coffee", "members": "all"}],
}
