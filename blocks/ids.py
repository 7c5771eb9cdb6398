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

    CARD_UPDATE = "card.schedule.open"
    CARD_UPDATE_SAVE = "card.schedule.save"
    CARD_REMIND = "card.reminder.open"
    CARD_REMIND_CANCEL = "card.reminder.cancel"
    CARD_MATCH = "card.match.now"
    CARD_CANCEL = "card.cancel.now"
    CARD_CANCEL_ASK = "card.cancel.open"
    CARD_CANCEL_SAVE = "card.cancel.save"
    CARD_SEND_ANYWAY = "card.skipped.send"
    CARD_PEOPLE = "card.people.open"
    CARD_PEOPLE_SHOW = "card.people.show"
    CARD_PEOPLE_PAGE = "card.people.next"
    CARD_PEOPLE_BACK = "card.people.previous"
    CARD_SHOW = "card.show.open"
    CARD_DRY_RUN = "card.dry_run.open"
    DRY_RUN_VIEW = "dryrun.view"
    DRY_RUN_PREVIOUS = "dryrun.page.previous"  # the value is "<session>.<page>"
    DRY_RUN_NEXT = "dryrun.page.next"

    PROGRAM_NEW = "program.new.open"
    PROGRAM_CREATE = "program.new.create"
    PROGRAM_ZONE = "program.zone.search"
    PROGRAM_USERGROUPS = "program.usergroups.search"
    PROGRAM_TEAMS = "program.teams.search"
    PROGRAM_OPT_IN = "program.opt_in.choose"
    PROGRAM_KIND = "program.kind.choose"
    PROGRAMS_OPEN = "program.list.open"
    PROGRAMS_BACK = "program.list.back"
    PROGRAMS_PREVIOUS = "program.list.previous"
    PROGRAMS_NEXT = "program.list.next"
    PROGRAMS_LIST = "program.list"
    PROGRAM_SHOW = "program.card.show"
    PROGRAM_CARD = "program.card"
    PROGRAM_SCHEDULE = "program.card.schedule"
    PROGRAM_SESSIONS = "program.sessions.open"
    PROGRAM_PAUSE = "program.card.pause"
    PROGRAM_RESUME = "program.card.resume"
    PROGRAM_ARCHIVE = "program.card.archive"
    PROGRAM_RESTORE = "program.card.restore"
    PROGRAM_SETTINGS = "program.settings.open"
    PROGRAM_SAVE = "program.settings.save"
    PROGRAM_TEXTS = "program.texts.open"
    TEXT_EDIT = "program.text.open"
    TEXT_SAVE = "program.text.save"
    TEXT_PREVIEW = "program.text.preview"
    TEXT_DEFAULT = "program.text.default"

    SCHEDULE_GROUPS = "schedule.groups.choose"
    SCHEDULE_ASK_FIRST = "schedule.ask_first.choose"

    REVIEW_OPEN = "review.draft.open"  # [Review your matches]; the value is the session's id
    REVIEW_DATE = "review.date.open"  # [Update matching date]; the value is the session's id
    REVIEW_DATE_SAVE = "review.date.save"
    REVIEW_EXIT = "review.draft.exit"
    REVIEW_PREVIOUS = "review.page.previous"
    REVIEW_NEXT = "review.page.next"
    REVIEW_LOCK = "review.group.lock"
    REVIEW_UNLOCK = "review.group.unlock"
    REVIEW_REGROUP = "review.rest.regroup"
    REVIEW_UNDO = "review.edit.undo"
    REVIEW_MEND = "review.groups.mend"
    REVIEW_SWAP_OPEN = "review.swap.open"
    REVIEW_MOVE_OPEN = "review.move.open"
    REVIEW_REMOVE_OPEN = "review.remove.open"
    REVIEW_ADD_OPEN = "review.add.open"
    REVIEW_SWAP = "review.swap.save"
    REVIEW_MOVE = "review.move.save"
    REVIEW_REMOVE = "review.remove.save"
    REVIEW_ADD = "review.add.save"
    REVIEW_PERSON = "review.person.search"
    REVIEW_WITHOUT = "review.without.search"  # people in no group
    REVIEW_GROUP = "review.group.search"

    MENU_LIST = "menu.list.open"
    MENU_EXPORT = "menu.export.open"
    MENU_EXPORTS = "menu.export"
    ME_OPEN = "me.view.open"
    ME_VIEW = "me.view"
    ME_PAUSE_OPEN = "me.pause.open"  # [Pause until a date]
    ME_PAUSE_GOOD_OPEN = "me.pause_good.open"  # [Pause for good]
    ME_PAUSE = "me.pause.save"
    ME_BACK = "me.pause.end"  # [Come back]; the value is the program's id, "0" for all programs
    ME_BACK_TO = "me.program.back"  # the same from a message: whatever keeps one away from this program ends
    ME_NEVER_OPEN = "me.never.open"
    ME_NEVER = "me.never.save"
    ME_DATA = "me.data.send"
    ME_ERASE = "me.data.erase"

    PLANNING_OPEN = "planning.calendar.open"
    PLANNING_VIEW = "planning.view"
    PLANNING_PREVIOUS = "planning.turn.back"
    PLANNING_NEXT = "planning.turn.on"
    PLANNING_TODAY = "planning.turn.today"
    PLANNING_SWITCH = "planning.view.switch"
    PLANNING_ORDER = "planning.order.choose"
    PLANNING_ZONE = "planning.zone.search"
    PLANNING_PROGRAM = "planning.program.choose"
    PLANNING_PICTURE = "planning.picture.send"

    GROUP_MET = "coffee.group.met"  # [We met] in the group message; the value is "<group>.<message>"
    GROUP_NOT_YET = "coffee.group.not_yet"
    GROUP_CALENDAR = "coffee.group.calendar"  # a link; there is nothing to do here
    FOLLOW_UP_MET = "coffee.follow_up.met"
    FOLLOW_UP_NO = "coffee.follow_up.no"
    ASK_AGAIN = "coffee.silent.back"  # the value is "<program>.<message>"

    LEDGER_OPEN = "ledger.open"  # [Delivery]; the value is the session's id
    LEDGER_VIEW = "ledger.view"
    LEDGER_PREVIOUS = "ledger.page.previous"
    LEDGER_NEXT = "ledger.page.next"
    LEDGER_AGAIN = "ledger.message.again"  # the value is the message's id
    LEDGER_ALL_AGAIN = "ledger.failed.again"  # the value is the session's id

    STATISTICS_PROGRAM = "statistics.program.open"  # the value is the program's id
    STATISTICS_SESSION = "statistics.session.open"  # the value is the session's id
    STATISTICS_VIEW = "statistics.view"
    STATISTICS_SEND = "statistics.send"  # [Send to me]

    EXPORT = "export.make"  # the value is "<what>.<program>", program 0 for all

    NOTICE = "notice.show"

    INPUT = "input"  # the one element of an input block; the block's id says which input
