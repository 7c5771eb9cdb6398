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
    WITHDRAW = "classes.request.withdraw"
    PAY = "classes.pay.open"  # a link: nothing has to follow a press
    MY_CLASSES = "classes.mine.open"
    ADD_CALENDAR = "classes.calendar.send"
    BUY_AGAIN = "classes.membership.buy_again"
    KEEP = "classes.date.keep"
    SKIP = "classes.date.skip"
    USE_MAKE_UP = "classes.date.make_up"
    COMING = "classes.date.coming"
    TAKE = "classes.offer.take"
    PASS = "classes.offer.pass"  # noqa: S105  # no password: a button
    JOIN_AGAIN = "classes.offer.join_again"
    RATE = "classes.membership.rate"  # with one word more: good, so_so, bad

    # messages to staff and teachers; likewise
    APPROVE = "classes.request.approve"
    DECLINE = "classes.request.decline"
    OTHER_CLASSES = "classes.purchase.other_classes"  # [Choose Other Classes] in messages
    REFUND = "classes.purchase.refund"  # [Refund] in messages
    CAME = "classes.attendance.came"  # the subject is the registration
    DID_NOT_COME = "classes.attendance.did_not_come"
    LIST_PREVIOUS = "classes.attendance.previous"  # the subject is the date
    LIST_NEXT = "classes.attendance.next"

    # staff: terms, types, weekly classes, dates
    TERM_ADD = "classes.term.add"
    TERM_OPEN = "classes.term.open"
    TERM_EDIT = "classes.term.edit"
    TERM_CANCEL = "classes.term.cancel"
    TERM_NEXT = "classes.term.next"
    TERM_SAVE = "classes.term.save"
    TERM_EDIT_SAVE = "classes.term.edit_save"
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

    # staff: memberships; the value is the membership
    MEMBERSHIP_NEW = "classes.membership.new"
    MEMBERSHIP_DRAFT = "classes.membership.draft"
    MEMBERSHIP_PREVIEW = "classes.membership.preview"
    MEMBERSHIP_EDIT = "classes.membership.edit"
    MEMBERSHIP_STOP = "classes.membership.stop"
    MEMBERSHIP_RESUME = "classes.membership.resume"
    WIZARD_NEXT = "classes.wizard.next"
    WIZARD_FINISH = "classes.wizard.finish"
    WIZARD_BACK = "classes.wizard.back"
    WIZARD_PREVIEW = "classes.wizard.preview"
    WIZARD_PREVIEWED = "classes.wizard.previewed"
    WIZARD_TERM = "classes.wizard.term"
    WIZARD_LIMIT = "classes.wizard.limit"
    WIZARD_CLASSES = "classes.wizard.classes"
    WIZARD_PLAN = "classes.wizard.plan"
    WIZARD_LATE = "classes.wizard.late"
    WIZARD_INTRO = "classes.wizard.intro"

    # staff: requests, members, settings
    REQUEST_APPROVE = "classes.request.board_approve"  # at Home; those in messages have ids of their own
    REQUEST_DECLINE = "classes.request.board_decline"
    REQUEST_DECLINE_SAVE = "classes.request.board_decline_save"
    QUEUES = "classes.queue.open"
    QUEUE_TOP = "classes.queue.top"
    MEMBER_REGISTER = "classes.member.register"
    MEMBER_REGISTER_CHOICE = "classes.member.register_choice"  # another membership: its classes are drawn
    MEMBER_CLASSES = "classes.member.classes"  # found by typing, where a select holds too few
    MEMBER_REGISTER_SAVE = "classes.member.register_save"
    MEMBER_MENU = "classes.member.menu"
    MEMBER_SEARCH = "classes.member.search"
    MEMBER_SEARCH_END = "classes.member.search_end"
    MEMBER_CANCEL_SAVE = "classes.member.cancel_save"
    MEMBER_REFUND_SAVE = "classes.member.refund_save"
    MEMBER_PAID_SAVE = "classes.member.paid_save"
    MEMBER_OTHER_SAVE = "classes.member.other_save"
    STAFF_WHY = "classes.staff.why"
    EXPORT = "classes.export.open"
    EXPORT_SAVE = "classes.export.save"
    STAFF_SETTINGS = "classes.staff.settings"
    STAFF_SETTINGS_SAVE = "classes.staff.settings_save"

    # members: memberships for sale, their classes; the value is a membership, purchase, registration or
    # entry of a waitlist
    BUY = "classes.sale.buy"
    CHOICE = "classes.sale.choice"
    CHOICE_CLASSES = "classes.sale.classes"
    BOUGHT = "classes.sale.bought"
    JOIN = "classes.waitlist.join"
    JOIN_SAVE = "classes.waitlist.save"
    JOIN_DATE = "classes.waitlist.date"
    WAITING_LEAVE = "classes.waitlist.leave"
    WAITING_WHY = "classes.waitlist.why"
    WAITING_TAKE = "classes.waitlist.take"
    WAITING_PASS = "classes.waitlist.pass"  # noqa: S105  # no password: a button
    MINE_OPEN = "classes.mine.dates"
    MINE_SKIP = "classes.mine.skip"
    MINE_UNDO_SKIP = "classes.mine.undo_skip"
    MINE_MAKE_UP = "classes.mine.make_up"
    MINE_MAKE_UP_SAVE = "classes.mine.make_up_save"
    MINE_PAY = "classes.mine.pay"
    MINE_CALENDAR = "classes.mine.calendar"
    MINE_WITHDRAW = "classes.mine.withdraw"
    MINE_LEAVE = "classes.mine.leave"
    MINE_LEAVE_SAVE = "classes.mine.leave_save"
    MINE_STOP_RENEWAL = "classes.mine.stop_renewal"
    MINE_WHY = "classes.mine.why"
