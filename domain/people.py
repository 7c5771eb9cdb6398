"""People: who takes part, and who may do what."""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A Slack user as the workspace knows them; *tz* is an IANA name or empty."""

    user_id: str
    name: str
    title: str = ""
    tz: str = ""
    locale: str = ""
    deleted: bool = False
    is_bot: bool = False
    is_guest: bool = False
    is_stranger: bool = False
    is_admin: bool = False
    updated: int = 0  # Slack's own stamp, in seconds: an older picture never replaces a newer one


def common_locale(locales: Collection[str]) -> str:
    """What all of these readers understand: one of their locales if they share a language, else ""."""
    languages = {locale.replace("_", "-").partition("-")[0].lower() for locale in locales}
    return min(locales) if len(languages) == 1 else ""


def takes_part(person: Person, *, include_guests: bool) -> bool:
    """Bots, deactivated people and strangers never count; guests only where the program says so."""
    if person.deleted or person.is_bot or person.is_stranger:
        return False
    return include_guests or not person.is_guest


def may_administer(person: Person | None, user_id: str, *, admins: Collection[str]) -> bool:
    """Slack's admins and owners, and those named in SESSIONS_ADMINS, as long as they are here."""
    if person is not None and (person.deleted or person.is_bot or person.is_stranger):
        return False
    return user_id in admins or (person is not None and person.is_admin)
