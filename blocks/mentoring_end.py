"""The modal [End match], and the one in which an organizer writes to both people of a match."""

from collections.abc import Mapping
from typing import Any

from blocks import kit, texts
from blocks.ids import Ids as Shared
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.mentoring_texts import quoted
from blocks.mentoring_words import label
from blocks.when import StateValues
from blocks.words import _, retold
from domain.mentoring import END_REASONS
from domain.mentoring_meetings import Pair
from domain.text import N_

TICKS = {
    "never_again": N_("Do not match these two again"),
    "tell": N_("Tell both people"),
    "back": N_("Back to the unmatched list"),
}
TICKED = ("tell", "back")


def render(pair: Pair, *, metadata: Mapping[str, Any]) -> Json:
    """[End match], filled in with what one of the two asks for."""
    by, reason, note = pair.wish or ("", "", "")
    options = {one: kit.option(retold(text), one) for one, text in END_REASONS.items()}
    select: Json = {"type": "static_select", "action_id": Shared.INPUT, "options": list(options.values())}
    if reason in options:
        select["initial_option"] = options[reason]
    ticks = {name: kit.option(retold(text), name) for name, text in TICKS.items()}
    boxes: Json = {
        "type": "checkboxes",
        "action_id": Shared.INPUT,
        "options": list(ticks.values()),
        "initial_options": [ticks[name] for name in TICKED],
    }
    who = _("*{mentee}* and *{mentor}*", mentee=texts.name(pair.names[0]), mentor=texts.name(pair.names[1]))
    asked = _("{name} asks to end this match.", name=texts.name(by))
    wish = [kit.section(f"{asked}\n&gt; {quoted(note)}" if note else asked)] if pair.wish else []
    return kit.modal(
        _("End match"),
        [
            kit.section(who),
            *wish,
            kit.field_input("reason", _("Reason"), select),
            kit.field_input(
                "note",
                _("Note for organizers"),
                {
                    "type": "plain_text_input",
                    "action_id": Shared.INPUT,
                    "multiline": True,
                    "max_length": 3000,
                },
                hint=_("Only organizers see it."),
                optional=True,
            ),
            kit.field_input("ticks", _("And then"), boxes, optional=True),
        ],
        callback_id=Ids.MATCH_ENDED,
        submit=label(N_("End Matching"), pair.wording),
        metadata={"match": pair.match_id, **metadata},
    )


def read(values: StateValues) -> dict[str, Any]:
    """What a submitted [End match] holds, by the names of ``services.mentoring_endings.EndForm``."""
    reason = (_held(values, "reason").get("selected_option") or {}).get("value")
    ticked = kit.chosen(_held(values, "ticks"))
    return {
        "reason": str(reason or ""),
        "note": str(_held(values, "note").get("value") or ""),
        **{name: name in ticked for name in TICKS},
    }


def _held(values: StateValues, block_id: str) -> Mapping[str, Any]:
    return values.get(block_id, {}).get(Shared.INPUT) or {}


def render_word(pair: Pair, *, metadata: Mapping[str, Any]) -> Json:
    """The modal in which an organizer writes to both."""
    area: Json = {
        "type": "plain_text_input", "action_id": Shared.INPUT, "multiline": True, "max_length": 3000
    }  # fmt: skip
    to = _("Goes to *{mentee}* and *{mentor}*, to each alone, with your name.",
           mentee=texts.name(pair.names[0]), mentor=texts.name(pair.names[1]))  # fmt: skip
    return kit.modal(
        _("Message"),
        [kit.section(to), kit.field_input("text", _("Your message"), area)],
        callback_id=Ids.HEALTH_WRITTEN,
        submit=_("Send"),
        metadata={"match": pair.match_id, **metadata},
    )


def read_word(values: StateValues) -> str:
    """What was written."""
    return str(_held(values, "text").get("value") or "")
