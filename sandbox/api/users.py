"""users.* and usergroups.*: who is here."""

from __future__ import annotations

from sandbox.answers import Json, SlackError
from sandbox.api.call import Call, method, missing_scope
from sandbox.api.pages import by_number, page
from sandbox.shapes import user_object, usergroup_object
from sandbox.state import Person

MUST_PAGE_ABOVE = 1_000


def _wire(call: Call, person: Person) -> Json:
    return user_object(
        call.team,
        person,
        call.now,
        email=call.allows("users:read.email"),
        locale=call.flag("include_locale"),
    )


@method("users.list", "cursor limit include_locale", scopes=("users:read",))
def list_(call: Call) -> Json:
    """Everybody, page by page, deactivated people and the bot included."""
    people = [(by_number(p.seq), p) for p in call.team.people.values() if not p.hidden]
    if not call.has("limit") and len(people) > MUST_PAGE_ABOVE:
        raise SlackError("limit_required", status=500)
    shown, cursor = page(call, people, call.limit(MUST_PAGE_ABOVE, MUST_PAGE_ABOVE))
    return {
        "members": [_wire(call, person) for person in shown],
        "cache_ts": int(call.now),
        "response_metadata": {"next_cursor": cursor},
    }


@method("users.info", "include_locale", scopes=("users:read",), required="user")
def info(call: Call) -> Json:
    """One person."""
    person = call.team.people.get(call.text("user"))
    if person is None:
        raise SlackError("user_not_found")
    if person.hidden:
        raise SlackError("user_not_visible")
    return {"user": _wire(call, person)}


@method("users.lookupByEmail", required="email")
def by_email(call: Call) -> Json:
    """The active person with this e-mail address."""
    if not call.allows("users:read.email"):
        raise missing_scope(("users:read.email",), call.team.install.scopes)
    wanted = call.text("email").lower()
    for person in call.team.humans():
        if person.email.lower() == wanted and not person.deleted and not person.hidden:
            return {"user": _wire(call, person)}
    raise SlackError("users_not_found")


def _paid_plan(call: Call) -> None:
    if call.team.plan == "free":
        raise SlackError("plan_upgrade_required")


@method(
    "usergroups.list",
    "include_users include_count include_disabled",
    scopes=("usergroups:read",),
)
def usergroups(call: Call) -> Json:
    """The workspace's user groups."""
    _paid_plan(call)
    disabled = call.flag("include_disabled")
    groups = [g for g in call.team.usergroups.values() if disabled or not g.disabled]
    users = call.flag("include_users")
    return {"usergroups": [usergroup_object(call.team, g, users=users) for g in groups]}


@method(
    "usergroups.users.list",
    "include_disabled",
    scopes=("usergroups:read",),
    required="usergroup",
)
def usergroup_users(call: Call) -> Json:
    """Who is in a user group."""
    _paid_plan(call)
    group = call.team.usergroups.get(call.text("usergroup"))
    if group is None or (group.disabled and not call.flag("include_disabled")):
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}
