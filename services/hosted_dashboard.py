"""The area [1:1 Sessions] of App Home: a host's sessions and their participants, a page at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.hosted_facts import Dashboard
from services.access import Rights

AREA = "hosted"  # how the look says that somebody is in this area


def may_look(tx: Session, team_id: str, rights: Rights) -> bool:
    """Whether the area is offered: every full member may host, or at least ask for an orientation."""
    return True


def dashboard(
    tx: Session, team_id: str, rights: Rights, look: Mapping[str, Any], *, now: datetime
) -> Dashboard | None:
    """The area as it stands; None where the look is not of this area."""
    if look.get("area") != AREA:
        return None
    return Dashboard(zone="Etc/UTC")
