"""What [Check now] found, each "OK" or what to do, and the steps behind [How to]."""

from collections.abc import Mapping

from blocks import kit
from blocks.ids import Ids as Core
from blocks.kit import Json
from blocks.words import _, labelled, n_
from domain.mentoring_checks import ALL, EMAIL, LATE, MISSING, NOT_USED, OK, SCOPES, WORKER
from domain.text import N_

NAMES = {SCOPES: N_("Scopes"), WORKER: N_("Worker"), EMAIL: N_("E-mail")}


def summary(checked: Mapping[str, str]) -> list[str]:
    """A line for each item; nothing before somebody checked."""
    return [f"• {labelled(_(NAMES[name]), _short(name, checked[name]))}" for name in ALL if name in checked]


def how_to(checked: Mapping[str, str]) -> Json:
    """The modal [How to]: the steps for every item that is not OK."""
    blocks: list[Json] = []
    for name in ALL:
        found, _colon, detail = checked.get(name, "").partition(":")
        if found and found not in (OK, NOT_USED):
            blocks += [kit.header(_(NAMES[name])), kit.section("\n".join(_steps(name, found, detail)))]
    if not checked:
        blocks = [kit.section(_("Press *Check now* first: then the steps for what is not OK are here."))]
    return kit.modal(
        _("How to"),
        blocks or [kit.section(_("Everything is OK: there is nothing to do."))],
        callback_id=Core.NOTICE,
        close=_("Close"),
    )


def _short(name: str, code: str) -> str:
    found, _colon, detail = code.partition(":")
    if found == OK:
        return _("OK")
    if found == NOT_USED:
        return _("OK, messages go by Slack alone")
    if found == MISSING:
        return _("add {scopes} to the Slack app, and install it again", scopes=kit.escape(detail))
    if found == LATE:
        return n_(
            "{count} message is late: see whether the worker runs",
            "{count} messages are late: see whether the worker runs",
            int(detail or 0),
        )
    if name == WORKER:
        return _("no worker is running: start it")
    return _("could not be checked: press *Check now* again")


def _steps(name: str, found: str, detail: str) -> list[str]:
    if found == MISSING:
        return [
            _("1. Open your app on api.slack.com/apps, and there *OAuth & Permissions*."),
            _("2. Add under *Bot Token Scopes*: {scopes}.", scopes=kit.escape(detail)),
            _("3. Press *Reinstall to Workspace*, and *Check now* here."),
        ]
    if name == WORKER:
        return [
            _("1. Ask whoever runs Sessions whether `sessions up`, or `sessions worker`, is running."),
            _("2. `sessions doctor` says what else may be wrong, and what to do about it."),
            _("3. Press *Check now* here."),
        ]
    return [
        _("1. Slack did not answer in time. Wait a moment, and press *Check now* again."),
        _("2. If it stays so, ask whoever runs Sessions for what `sessions doctor` says."),
    ]
