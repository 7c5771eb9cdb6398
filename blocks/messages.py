"""The one table delivery needs: what each kind of facts looks like."""

from collections.abc import Callable
from typing import Any

from blocks import (
    card,
    catch_up,
    classes_messages,
    coffee,
    doubt,
    dry_run,
    errands,
    exports,
    followup,
    group,
    home,
    hosted_letters,
    hosted_messages,
    mentoring_decisions,
    mentoring_health_messages,
    mentoring_messages,
    mentoring_runs,
    my_data,
    picture,
    review,
    schedule,
    statistics,
    summary,
)
from blocks.kit import Json
from domain import dry_runs, facts, meetings
from domain import exports as files
from domain import statistics as numbers
from domain.files import File
from domain.letters import Mail, TextMessage
from domain.mentoring_decisions import DecisionsTask
from domain.mentoring_runs import RunTask

RENDERERS: dict[type, Callable[[Any], tuple[str, list[Json]]]] = {
    facts.Question: coffee.question,
    facts.GroupIntro: group.group_intro,
    meetings.FollowUp: followup.follow_up,
    meetings.Rested: followup.rested,
    numbers.Report: statistics.message,
    files.Export: exports.message,
    facts.LeftOut: coffee.left_out,
    facts.Cancelled: coffee.cancelled,
    facts.Summary: summary.summary,
    facts.Saved: schedule.saved,
    facts.Notice: schedule.notice,
    facts.Doubt: doubt.doubt,
    facts.SessionCard: card.message,
    facts.ScheduleBelow: catch_up.below,
    facts.CatchUp: catch_up.catch_up,
    facts.Skipped: catch_up.skipped,
    facts.Review: review.message,
    facts.PlanningPicture: picture.message,
    facts.Home: home.message,
    facts.MyData: my_data.message,
    dry_runs.DryRun: dry_run.message,
    RunTask: mentoring_runs.message,
    DecisionsTask: mentoring_decisions.message,
    **mentoring_messages.RENDERERS,
    **mentoring_health_messages.RENDERERS,
    **hosted_messages.RENDERERS,
    **classes_messages.RENDERERS,
    **errands.RENDERERS,
}
FILES: dict[type, Callable[[Any], File]] = {
    facts.MyData: my_data.file,
    facts.PlanningPicture: picture.file,
    **mentoring_health_messages.FILES,
    **classes_messages.FILES,
}
MODALS: dict[type, Callable[[Any], Json]] = {
    dry_runs.DryRun: dry_run.view,
    RunTask: mentoring_runs.view,
    DecisionsTask: mentoring_decisions.view,
}


def make_file(told: facts.Facts) -> File:
    """The file that goes along with a message."""
    return FILES[type(told)](told)


def render(told: facts.Facts) -> tuple[str, list[Json]]:
    """The text for notifications, and the blocks."""
    return RENDERERS[type(told)](told)


def mail(told: facts.Facts) -> Mail:
    """The e-mail, where it goes by mail."""
    return hosted_letters.MAILS[type(told)](told)


def sms(told: facts.Facts) -> TextMessage:
    """The text message, where it goes by text."""
    return hosted_letters.TEXTS[type(told)](told)


def modal(told: facts.Facts) -> Json | None:
    """The modal, where it is no message."""
    draw = MODALS.get(type(told))
    return draw(told) if draw else None
