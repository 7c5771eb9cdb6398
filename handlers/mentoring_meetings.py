"""Meetings of a match, whether they took place, and how they were."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App

from blocks import mentoring_meetings as blocks
from blocks.mentoring_ids import MentoringIds as Ids
from blocks.schedule import zone_options
from domain.mentoring import Press
from domain.mentoring_meetings import MatchOver, MeetingForm, Opinion
from domain.schedule import find_zones
from handlers import guard
from handlers.context import actor_of, metadata_of, number, place_of, submission_key, value_of
from services import mentoring_check_ins as check_ins
from services import mentoring_meetings as meetings
from services import mentoring_pairs as pairs
from services.ports import Deps

Body = dict[str, Any]
SUGGESTED = time(10)


def register(app: App, deps: Deps) -> None:
    """Listen to what the two people of a match do."""
    on = guard.presses(app, deps)
    on(Ids.MEETING_PROPOSE, open_propose)
    on(Ids.MEETING_LOG, open_log)
    on(Ids.MEETING_AGAIN, open_again)
    on(Ids.MEETING_CANCEL, cancel)
    on(Ids.MEETING_FILE, want_file)
    on(Ids.CHECK_YES, _says(lambda _: Opinion(took_place=True)))
    on(Ids.CHECK_NO, _says(lambda _: Opinion(took_place=False)))
    on(guard.each_of(Ids.CHECK_RATE), _says(lambda last: Opinion(rating=number(last))))
    on(guard.each_of(Ids.CHECK_FIT), _says(lambda last: Opinion(fit=last)))
    on(guard.each_of(Ids.SURVEY_RATE), rate_match)

    @app.action(Ids.MEETING_CALENDAR)
    def link(ack: Any) -> None:
        ack()  # the browser has opened it already

    @app.options(Ids.MEETING_ZONE)
    def zones(ack: Any, body: Body) -> None:
        ack(options=zone_options(find_zones(str(body.get("value") or ""))))

    @app.view(Ids.MEETING_PROPOSED)
    def proposed(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: propose(deps, found), at="day")(ack=ack, body=body)

    @app.view(Ids.MEETING_LOGGED)
    def logged(ack: Any, body: Body) -> None:
        guard.view(deps, lambda found: log(deps, found), at="day")(ack=ack, body=body)


def press_of(body: Body) -> tuple[int, Press]:
    """What was pressed about, and by whom and where: the value is "<subject>.<message>"."""
    subject, _, message = value_of(body).partition(".")
    place = place_of(body)
    press = Press(actor_of(body).user_id, number(message), place.channel, place.ts, place.response_url)
    return number(subject), press


def last_word(body: Body) -> str:
    """What follows the last dot of the pressed button's id."""
    return str(body["actions"][0]["action_id"]).rpartition(".")[2]


# --- When they meet ------------------------------------------------------------------------------------


def open_propose(deps: Deps, client: Any, body: Body) -> None:
    """Open [Propose a Time] for the match of the pressed button."""
    match_id, _ = press_of(body)
    form = MeetingForm(zone=_zone(deps, body))
    tomorrow = deps.clock().astimezone(ZoneInfo(form.zone)).date() + timedelta(days=1)
    form = MeetingForm(tomorrow, SUGGESTED, form.zone)
    _open(deps, client, body, match_id, form, metadata={"match": match_id})


def open_log(deps: Deps, client: Any, body: Body) -> None:
    """Open [Log a Session] for the match of the pressed button."""
    match_id, _ = press_of(body)
    zone = _zone(deps, body)
    form = MeetingForm(deps.clock().astimezone(ZoneInfo(zone)).date(), None, zone)
    _open(deps, client, body, match_id, form, log=True, metadata={"match": match_id})


def open_again(deps: Deps, client: Any, body: Body) -> None:
    """Open [Propose a Time] for a meeting that gets another one; where it is over, for a new meeting."""
    meeting_id, _ = press_of(body)
    match_id, form, state = pairs.planned(deps.db, deps.team_id, meeting_id)
    metadata = {"meeting": meeting_id} if state == "planned" else {"match": match_id}
    form = MeetingForm(None, None, _zone(deps, body), form.minutes)
    _open(deps, client, body, match_id, form, metadata=metadata)


def _zone(deps: Deps, body: Body) -> str:
    return pairs.zone_of(deps.db, deps.team_id, actor_of(body).user_id) or "Etc/UTC"


def _open(
    deps: Deps,
    client: Any,
    body: Body,
    match_id: int,
    form: MeetingForm,
    *,
    log: bool = False,
    metadata: dict[str, int],
) -> None:
    pair = pairs.pair(deps.db, deps.team_id, match_id)
    other = pair.other(actor_of(body).user_id)
    if not pair.active:
        raise MatchOver
    show(client, body, blocks.render(form, other, log=log, metadata=metadata))


def show(client: Any, body: Body, view: dict[str, Any]) -> None:
    """Open a modal, on top of the one whose button was pressed if there is one."""
    if (body.get("view") or {}).get("type") == "modal":
        client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        client.views_open(trigger_id=body["trigger_id"], view=view)


def propose(deps: Deps, body: Body) -> dict[str, Any]:
    """Store a proposed time, or another time of a meeting."""
    view, actor = body["view"], actor_of(body).user_id
    form, held = blocks.read(view["state"]["values"]), metadata_of(view)
    again = "meeting" in held
    subject = number(str(held.get("meeting" if again else "match")))
    do = meetings.move if again else meetings.propose
    do(deps.db, deps.team_id, subject, form, actor=actor, key=submission_key(view), now=deps.clock())
    deps.hint()
    return {}


def log(deps: Deps, body: Body) -> dict[str, Any]:
    """Store a session that took place."""
    view = body["view"]
    match_id = number(str(metadata_of(view).get("match")))
    form = blocks.read(view["state"]["values"])
    key = submission_key(view)
    actor = actor_of(body).user_id
    meetings.log(deps.db, deps.team_id, match_id, form, actor=actor, key=key, now=deps.clock())
    deps.hint()
    return {}


def cancel(deps: Deps, client: Any, body: Body) -> None:
    """Call a meeting off."""
    meeting_id, press = press_of(body)
    meetings.cancel(deps.db, deps.team_id, meeting_id, press, now=deps.clock())
    deps.hint()


def want_file(deps: Deps, client: Any, body: Body) -> None:
    """Owe the calendar entry of a meeting to whoever pressed."""
    meeting_id, press = press_of(body)
    meetings.want_entry(deps.db, deps.team_id, meeting_id, press, now=deps.clock())
    deps.hint()


# --- How it was ----------------------------------------------------------------------------------------


def _says(opinion: Callable[[str], Opinion]) -> Callable[[Deps, Any, Body], None]:
    """A listener that notes what the presser says of a meeting."""

    def say(deps: Deps, client: Any, body: Body) -> None:
        meeting_id, press = press_of(body)
        said = opinion(last_word(body))
        check_ins.record(deps.db, deps.team_id, meeting_id, press, said, now=deps.clock())
        deps.hint()

    return say


def rate_match(deps: Deps, client: Any, body: Body) -> None:
    """Note how somebody found a match that has ended."""
    match_id, press = press_of(body)
    rating = number(last_word(body))
    check_ins.rate_match(deps.db, deps.team_id, match_id, press, rating, now=deps.clock())
    deps.hint()
