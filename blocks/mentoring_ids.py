"""Every id of mentoring that goes to Slack and comes back. Never rename one that was sent."""

from enum import StrEnum


class MentoringIds(StrEnum):
    """action_id, block_id and callback_id of the views and messages of mentoring."""

    # messages
    APPROVE = "mentoring.request.approve"  # the value is "<request>.<message>", as of all buttons in messages
    DECLINE = "mentoring.request.decline"
    WITHDRAW = "mentoring.list.withdraw"  # the value is "<list>.<message>"
    CHOOSE = "mentoring.preferences.open"  # [Choose Mentors]; the value is "<program>.<message>"
    DECLINE_SAVE = "mentoring.request.declined"  # the modal [Decline request]
    VIEW_MENTEE = "mentoring.request.profile"  # [View Profile]; the value is "<request>.<message>"
    RAISE = "mentoring.places.open"  # [Raise My Capacity]; the value is "<program>.<message>"
    RAISE_SAVE = "mentoring.places.save"
    OFFER = "mentoring.offer.make"  # [Offer Anyway]; the value is "<request>.<message>", as of the next two
    OFFER_ACCEPT = "mentoring.offer.accept"
    OFFER_DECLINE = "mentoring.offer.decline"
    NOT_NOW = "mentoring.invitation.later"  # the value is "<program>.<message>", as of the next one
    ASK_ORGANIZER = "mentoring.organizer.ask"
    ASK_SEND = "mentoring.organizer.send"
    STUCK_MATCH = "mentoring.list.match"  # [Match with Mentor] in a message; the value is "<list>.<message>"

    # the Matching page
    AREA = "mentoring.board.open"  # [Mentoring] on Home; the value is a program's id, or nothing
    BACK = "mentoring.board.back"
    PROGRAM = "mentoring.board.program"  # the value is the program's id, as of all of the page
    TAB = "mentoring.board.tab"  # with a dot and the tab; the value is "<program>.<tab>"
    SUB_TAB = "mentoring.board.invited"  # with a dot and which; the value is "<program>.<which>"
    PREVIOUS = "mentoring.board.previous"  # the value is "<program>.<page>"
    NEXT = "mentoring.board.next"
    SEARCH = "mentoring.board.search"
    SEARCH_SAVE = "mentoring.board.find"
    SEARCH_CLEAR = "mentoring.board.everybody"
    FILTER = "mentoring.board.filter"
    SELECT = "mentoring.row.select"  # the value of its option is the participant's id
    SELECT_NONE = "mentoring.board.select_none"
    ROW_MENU = "mentoring.row.menu"  # the value of an option is "<what>.<id>"
    STEP_DONE = "mentoring.step.done"  # the value is "<program>.<step>"
    STEP_OPEN = "mentoring.step.open"
    CHECK_NOW = "mentoring.step.check"
    HOW_TO = "mentoring.step.how"
    SUPPORT_OPEN = "mentoring.support.open"  # [Message Support]; the value is the program's id
    SUPPORT_SEND = "mentoring.support.send"
    TURN_ON = "mentoring.program.on"
    TURN_OFF = "mentoring.program.off"
    MATCH_APPROVE = "mentoring.match.approve"  # the value is the match's id
    MATCH_DISCARD = "mentoring.match.discard"
    APPROVE_ALL = "mentoring.match.approve_all"
    DISCARD_ALL = "mentoring.match.discard_all"
    MATCH_UNDO = "mentoring.match.undo"  # the value is the match's id
    REVIEW_STAGED = "mentoring.board.staged"

    # setting a program up
    NEW_OPEN = "mentoring.program.new"  # [New Mentoring Program]
    SETTINGS_OPEN = "mentoring.settings.open"  # the value is the program's id, as of the next two
    RULES_OPEN = "mentoring.rules.open"
    PEOPLE_ADD = "mentoring.people.add"
    NEW_SAVE = "mentoring.program.create"
    SETTINGS_SAVE = "mentoring.settings.save"
    RULES_SAVE = "mentoring.rules.save"
    PEOPLE_SAVE = "mentoring.people.save"

    # invitations and the picker
    INVITE_ALL = "mentoring.invite.all"  # [Invite all Mentees]; the value is the program's id
    INVITE_ONE = "mentoring.invite.one"  # [Invite to Match]; the value is the participant's id
    BULK_OPEN = "mentoring.bulk.open"  # [Perform Bulk Action on Selected]; the value is the program's id
    MATCH_OPEN = "mentoring.picker.open"  # [Match with Mentor]; the value is the mentee's participant id
    INVITE_SEND = "mentoring.invite.send"
    INVITE_APPLY = "mentoring.invite.apply"  # [Apply This Plan] of a dry run
    INVITE_PREVIEW = "mentoring.invite.preview"  # the value is the program's id
    INVITE_DRY = "mentoring.invite.dry"  # the value is "<program>.<whom>": all, or those selected
    PICKER = "mentoring.picker.view"
    PICKER_FIND = "mentoring.picker.find"  # a name, typed
    PICKER_PROFILE = "mentoring.picker.profile"  # the value is "<mentee>.<mentor>", as of all below
    PICKER_SHEET = "mentoring.picker.sheet"
    PICK_STAGE = "mentoring.pick.stage"
    PICK_ASSIGN = "mentoring.pick.assign"
    PICK_ASK = "mentoring.pick.ask"
    PICK_ANYWAY = "mentoring.pick.anyway"  # "<mentee>.<mentor>.<way>"
    APART_OPEN = "mentoring.apart.open"
    APART_SAVE = "mentoring.apart.save"
    APART_LIFT = "mentoring.apart.lift"

    # what people see and do themselves
    JOIN_MENTEE = "mentoring.join.mentee"  # the value is the program's id, as of all buttons at Home
    JOIN_MENTOR = "mentoring.join.mentor"
    JOIN_PEER = "mentoring.join.peer"
    PROFILE_OPEN = "mentoring.profile.open"  # [Edit Profile], and the message: "<program>.<message>"
    PROFILE_SAVE = "mentoring.profile.save"
    PAUSE_OPEN = "mentoring.pause.open"  # [Pause Requests]; "<program>.<message>" in a message
    PAUSE_SAVE = "mentoring.pause.save"
    COME_BACK = "mentoring.pause.end"
    LEAVE = "mentoring.program.leave"
    MENTOR = "mentoring.preferences.mentor"  # the select of a choice
    PREFERENCES_SAVE = "mentoring.preferences.save"
    PREFERENCES_WITHDRAW = "mentoring.preferences.withdraw"  # in the modal; the value is the list's id
    END_ASK_OPEN = "mentoring.ending.ask"  # [Ask to End Match]; the value is "<match>.0"
    END_ASK_SAVE = "mentoring.ending.save"

    # runs, exports and decisions
    RUN_OPEN = "mentoring.run.open"  # the value is "<program>.<tab>", as of all of these
    DRY_RUN_OPEN = "mentoring.run.dry"
    EXPORT = "mentoring.export.open"
    APPLY_OPEN = "mentoring.decisions.open"
    RESET_DISCARDS = "mentoring.discards.reset"
    RUN_START = "mentoring.run.start"  # the modal [Run Auto-Matching]
    RUN_VIEW = "mentoring.run.view"
    RUN_PREVIOUS = "mentoring.run.previous"  # another page of a dry run: "<program>.<page>.<digest>"
    RUN_NEXT = "mentoring.run.next"
    RUN_APPLY = "mentoring.run.apply"  # [Apply This Plan]; the value is "<program>.<digest>"
    APPROVAL_VIEW = "mentoring.approval.view"
    APPROVAL_PREVIOUS = "mentoring.approval.previous"  # "<program>.<page>"
    APPROVAL_NEXT = "mentoring.approval.next"
    APPROVAL_APPLY = "mentoring.approval.apply"  # "<program>.<digest>"
    DECISIONS_READ = "mentoring.decisions.read"  # the modal [Apply Decisions]
    DECISIONS_FILE = "mentoring.decisions.file"
    DECISIONS_VIEW = "mentoring.decisions.view"
    DECISIONS_APPLY = "mentoring.decisions.apply"  # "<program>.<message>.<digest>"

    # meetings and health
    MEETING_PROPOSE = "mentoring.meeting.propose"  # the value is "<match>.<message>", as of the next one
    MEETING_LOG = "mentoring.meeting.log"
    MEETING_AGAIN = "mentoring.meeting.again"  # the value is "<meeting>.<message>", as of all below
    MEETING_CANCEL = "mentoring.meeting.cancel"
    MEETING_CALENDAR = "mentoring.meeting.calendar"  # a link; there is nothing to do here
    MEETING_FILE = "mentoring.meeting.file"
    MEETING_PROPOSED = "mentoring.meeting.proposed"
    MEETING_LOGGED = "mentoring.meeting.logged"
    MEETING_ZONE = "mentoring.meeting.zone"
    CHECK_YES = "mentoring.check_in.yes"
    CHECK_NO = "mentoring.check_in.no"
    CHECK_RATE = "mentoring.check_in.rate"  # with the number behind it: "mentoring.check_in.rate.3"
    CHECK_FIT = "mentoring.check_in.fit"  # "mentoring.check_in.fit.good"
    SURVEY_RATE = "mentoring.survey.rate"  # "mentoring.survey.rate.3"; the value is "<match>.<message>"
    MATCH_END = "mentoring.match.end"  # [End Matching]; the value is the match
    MATCH_ENDED = "mentoring.match.ended"  # the modal [End match]
    HEALTH_OPEN = "mentoring.health.open"  # [Monitor Health]; the value is "<program>" or "<program>.<tab>"
    HEALTH_TURN = "mentoring.health.turn"  # another view, list or page: "<program>.<tab>.<page>"
    HEALTH_NUDGE = "mentoring.health.nudge"  # the value is the match, as of the next two
    HEALTH_WRITE = "mentoring.health.write"
    HEALTH_MORE = "mentoring.health.more"  # ⋮
    HEALTH_VIEW = "mentoring.health.view"
    HEALTH_WRITTEN = "mentoring.health.written"
