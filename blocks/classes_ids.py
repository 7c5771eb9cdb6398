"""Every id of classes that goes to Slack and comes back. Never rename one that was sent."""

from enum import StrEnum


class ClassesIds(StrEnum):
    """action_id, block_id and callback_id of the views and messages of classes."""

    AREA = "classes.board.open"
    BACK = "classes.board.back"
    TAB = "classes.board.tab"  # the value is one of TABS, or "mine"
    PREVIOUS = "classes.board.previous"
    NEXT = "classes.board.next"

    # messages to members; the value is "<subject>.<message>"

    # messages to staff and teachers; likewise

    # staff: terms, types, weekly classes, dates

    # staff: memberships, requests, members, settings

    # members: memberships for sale, their classes
