"""Every id of mentoring that goes to Slack and comes back. Never rename one that was sent."""

from enum import StrEnum


class MentoringIds(StrEnum):
    """action_id, block_id and callback_id of the views and messages of mentoring."""

    # messages
    APPROVE = "mentoring.request.approve"  # the value is "<request>.<message>", as of all buttons in messages
    DECLINE = "mentoring.request.decline"
    WITHDRAW = "mentoring.list.withdraw"  # the value is "<list>.<message>"
    CHOOSE = "mentoring.preferences.open"  # [Choose Mentors]; the value is "<program>.<message>"

    # the Matching page

    # setting a program up

    # invitations and the picker

    # what people see and do themselves

    # runs, exports and decisions

    # meetings and health
