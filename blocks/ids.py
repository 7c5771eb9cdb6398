"""Every id that goes to Slack and comes back: "<area>.<noun>.<verb>". Never rename one that was sent."""

from enum import StrEnum


class Ids(StrEnum):
    """action_id, block_id and callback_id of all views and messages."""

    COFFEE_JOIN = "coffee.invitation.join"
    COFFEE_DECLINE = "coffee.invitation.decline"
    COFFEE_CHANGE = "coffee.invitation.change"

    DOUBT_ARRIVED = "delivery.doubt.arrived"
    DOUBT_SEND = "delivery.doubt.send"

    SCHEDULE_OPEN = "schedule.open"
    SCHEDULE_SAVE = "schedule.session.save"
    SCHEDULE_EDIT = "schedule.session.edit"
    SCHEDULE_CANCEL = "schedule.session.cancel"
    SCHEDULE_PROGRAM = "schedule.program.choose"
    SCHEDULE_NOW = "schedule.now.choose"
    SCHEDULE_ZONE = "schedule.zone.search"

    REMINDER_OPEN = "schedule.reminder.open"
    REMINDER_SAVE = "schedule.reminder.save"

    PROGRAM_NEW = "program.new.open"
    PROGRAM_CREATE = "program.new.create"
    PROGRAM_ZONE = "program.zone.search"

    NOTICE = "notice.show"

    INPUT = "input"  # the one element of an input block; the block's id says which input
