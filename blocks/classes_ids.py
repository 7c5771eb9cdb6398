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
    TERM_ADD = "classes.term.add"
    TERM_OPEN = "classes.term.open"
    TERM_EDIT = "classes.term.edit"
    TERM_CANCEL = "classes.term.cancel"
    TERM_NEXT = "classes.term.next"
    TERM_SAVE = "classes.term.save"
    TERM_EDIT_SAVE = "classes.term.edit_save"
    TERM_PLAN_SAVE = "classes.term.plan_save"
    TERM_CANCEL_SAVE = "classes.term.cancel_save"
    TERM_NEXT_SAVE = "classes.term.next_save"
    TERM_ZONE = "classes.term.zone"
    TERM_WEEK = "classes.term.week"
    TYPE_ADD = "classes.type.add"
    TYPE_MENU = "classes.type.menu"
    TYPE_SAVE = "classes.type.save"
    TYPE_EDIT_SAVE = "classes.type.edit_save"
    CLASS_ADD = "classes.class.add"
    CLASS_MENU = "classes.class.menu"
    CLASS_SAVE = "classes.class.save"
    CLASS_EDIT_SAVE = "classes.class.edit_save"
    CLASS_CANCEL_SAVE = "classes.class.cancel_save"
    CLASS_SELECT = "classes.class.select"
    CLASS_SELECT_ALL = "classes.class.select_all"
    CLASS_ASSIGN = "classes.class.assign"
    CLASS_PREVIEW = "classes.class.preview"
    CLASS_UNDO = "classes.class.undo"
    DATES_OPEN = "classes.dates.open"
    DATE_ADD = "classes.date.add"
    DATE_MENU = "classes.date.menu"
    DATE_ADD_SAVE = "classes.date.add_save"
    DATE_MOVE_SAVE = "classes.date.move_save"
    DATE_CANCEL_SAVE = "classes.date.cancel_save"
    DATE_PLACES_SAVE = "classes.date.places_save"
    DATE_UNDO = "classes.date.undo"

    # staff: memberships, requests, members, settings
    REQUEST_APPROVE = "classes.request.board_approve"  # at Home; those in messages have ids of their own
    REQUEST_DECLINE = "classes.request.board_decline"
    REQUEST_DECLINE_SAVE = "classes.request.board_decline_save"
    QUEUES = "classes.queue.open"
    QUEUE_TOP = "classes.queue.top"
    MEMBER_REGISTER = "classes.member.register"
    MEMBER_REGISTER_CHOICE = "classes.member.register_choice"  # another membership: its classes are drawn
    MEMBER_REGISTER_SAVE = "classes.member.register_save"
    MEMBER_MENU = "classes.member.menu"
    MEMBER_SEARCH = "classes.member.search"
    MEMBER_SEARCH_SAVE = "classes.member.search_save"
    MEMBER_SEARCH_END = "classes.member.search_end"
    MEMBER_CANCEL_SAVE = "classes.member.cancel_save"
    MEMBER_REFUND_SAVE = "classes.member.refund_save"
    MEMBER_PAID_SAVE = "classes.member.paid_save"
    MEMBER_OTHER_SAVE = "classes.member.other_save"
    MEMBER_CHOICE = "classes.member.choice"  # an external select of classes
    STAFF_WHY = "classes.staff.why"
    STAFF_SETTINGS = "classes.staff.settings"
    STAFF_SETTINGS_SAVE = "classes.staff.settings_save"

    # members: memberships for sale, their classes
