"""What comes in from people: one module per noun, registered here."""

from collections.abc import Callable
from typing import Any

from slack_bolt import App

from domain.people import Person
from handlers import (
    cards,
    classes,
    classes_board,
    classes_buying,
    classes_exports,
    classes_memberships,
    classes_selling,
    classes_terms,
    commands,
    dry_runs,
    events,
    exports,
    followups,
    home,
    hosted,
    hosted_board,
    hosted_forms,
    hosted_ledger,
    hosted_lists,
    hosted_orientation,
    hosted_settings,
    invitations,
    ledger,
    members,
    mentoring,
    mentoring_board,
    mentoring_health,
    mentoring_match,
    mentoring_mine,
    mentoring_runs,
    mentoring_setup,
    planning,
    programs,
    review,
    schedule,
    statistics,
    texts,
)
from services.ports import Deps


def register(app: App, deps: Deps, *, person_of: Callable[[dict[str, Any]], Person]) -> None:
    """Register every listener. The most pressed buttons come first: Bolt looks through them in order."""
    invitations.register(app, deps)
    followups.register(app, deps)
    mentoring.register(app, deps)
    commands.register(app, deps)
    members.register(app, deps)
    schedule.register(app, deps)
    cards.register(app, deps)
    dry_runs.register(app, deps)
    review.register(app, deps)
    programs.register(app, deps)
    texts.register(app, deps)
    planning.register(app, deps)
    statistics.register(app, deps)
    ledger.register(app, deps)
    exports.register(app, deps)
    mentoring_mine.register(app, deps)
    mentoring_board.register(app, deps)
    mentoring_match.register(app, deps)
    mentoring_runs.register(app, deps)
    mentoring_health.register(app, deps)
    mentoring_setup.register(app, deps)
    hosted.register(app, deps)
    hosted_board.register(app, deps)
    hosted_forms.register(app, deps)
    hosted_settings.register(app, deps)
    hosted_lists.register(app, deps)
    hosted_ledger.register(app, deps)
    hosted_orientation.register(app, deps)
    classes.register(app, deps)
    classes_board.register(app, deps)
    classes_terms.register(app, deps)
    classes_memberships.register(app, deps)
    classes_selling.register(app, deps)
    classes_buying.register(app, deps)
    classes_exports.register(app, deps)
    home.register(app, deps)
    events.register(app, deps, person_of)
