"""``sessions rotate-key``: after a new key was put in front, the old ones become needless."""

from bot.clock import SystemClock
from bot.config import Settings
from bot.vault import KeyVault
from bot.wiring import NotReady, open_database
from services import bill_keys, hosted_keys


def rotate(settings: Settings) -> str:
    """Make everything anew with the newest key; a sentence that says what came of it. Raises NotReady."""
    if not settings.secret_keys:
        raise NotReady("SESSIONS_SECRET_KEY is missing: write the new key, a comma, and the old one.")
    db = open_database(settings, "ticker")
    try:
        vault = KeyVault(settings.secret_keys)
        done = hosted_keys.rotate(db, vault) + bill_keys.rotate(db, vault, now=SystemClock()())
    finally:
        db.engine.dispose()
    said = f"{done.changed} sealed anew."
    if done.unreadable:
        return (
            f"{said} {done.unreadable} cannot be read: "
            "they were sealed with a key that is not in SESSIONS_SECRET_KEY. Add it, and run this again."
        )
    return f"{said} Once every process was started with the new key, the old ones can be removed."
