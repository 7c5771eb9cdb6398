"""The modals of invitations: how many are sent, to whom exactly, what they read, and what came of it."""

from collections.abc import Sequence

from blocks import kit
from blocks.ids import Ids
from blocks.kit import Json
from blocks.mentoring_ids import MentoringIds
from blocks.mentoring_picker import called
from blocks.mentoring_previews import preview
from blocks.mentoring_words import label
from blocks.words import _, n_, retold
from domain.mentoring_invites import ALONE, InvitePlan, counted, outcome
from domain.text import N_
from domain.texts import MentoringText, TextSheet

ALL, SELECTED = "all", "selected"
INVITE = "invite"  # the only bulk action there is
A_LINE = 20  # names in one paragraph
MOST_LINES = 35  # paragraphs of those who are invited, and of those who are not


def prompt(plan: InvitePlan, whom: str) -> Json:
    """ "Invite mentees": how many invitations will be sent, and what can be looked at before."""
    blocks = [*_choice(plan, whom), *_counts(plan)]
    if not plan.blocked:
        blocks.append(kit.actions(*_looks(plan, whom), block_id="mentoring.invite.looks"))
    return kit.modal(
        _("Invite mentees"),
        blocks,
        callback_id=MentoringIds.INVITE_SEND,
        submit=_("Send Messages") if plan.invited or whom == SELECTED else None,
        close=_("Cancel") if plan.invited else _("Close"),
        metadata={"program": plan.program_id, "whom": whom},
    )


def _choice(plan: InvitePlan, whom: str) -> list[Json]:
    """What is done with those who were selected; there is one thing so far."""
    if whom != SELECTED:
        return []
    invite = kit.option(label(N_("Invite to Match"), plan.wording), INVITE)
    select = {
        "type": "static_select",
        "action_id": Ids.INPUT,
        "options": [invite],
        "initial_option": invite,
    }
    count = len(plan.invited) + len(plan.skipped)
    told = n_("{count} mentee is selected.", "{count} mentees are selected.", count)
    return [kit.section(told), kit.field_input("bulk", _("Bulk action"), select)]


def _counts(plan: InvitePlan) -> list[Json]:
    if plan.blocked:
        return [kit.section(kit.escape(plan.blocked, 500))]
    count = len(plan.invited)
    blocks = [kit.section(n_("{count} invitation will be sent.", "{count} invitations will be sent.", count))]
    if plan.skipped:
        reasons = counted(outcome(plan, 0).skipped)
        skipped = n_(
            "{count} skipped ({reasons}).",
            "{count} skipped ({reasons}).",
            len(plan.skipped),
            reasons=retold(reasons),
        )
        blocks.append(kit.context(skipped))
    return blocks


def _looks(plan: InvitePlan, whom: str) -> list[Json]:
    program = str(plan.program_id)
    return [
        kit.button(_("Preview Message"), MentoringIds.INVITE_PREVIEW, value=program),
        kit.button(_("Edit Templates"), Ids.PROGRAM_TEXTS, value=program),
        kit.button(_("Dry Run"), MentoringIds.INVITE_DRY, value=f"{program}.{whom}"),
    ]


def message(sheet: TextSheet) -> Json:
    """ "Preview Message": the invitation as it will look."""
    return kit.modal(
        _("Preview Message"),
        preview(sheet, MentoringText.INVITE, sheet.texts),
        callback_id=Ids.NOTICE,
        close=_("Back"),
    )


def dry_run(plan: InvitePlan, whom: str, sheet: TextSheet) -> Json:
    """ "Dry Run": exactly who is invited, who is not and why, and what they read. Nothing is sent by it."""
    blocks = [kit.context(_("Nothing is sent by this.")), *_counts(plan)]
    blocks += _named(_("Invited"), [called(one.name) for one in plan.invited])
    skipped = [_(ALONE[one.why], name=called(one.name)) for one in plan.skipped]
    blocks += _named(_("Skipped"), skipped, "\n")
    if plan.invited:
        text = preview(sheet, MentoringText.INVITE, sheet.texts)
        blocks += [kit.divider(), kit.context(_("This is what they read:")), *text]
    return kit.modal(
        _("Dry Run"),
        blocks,
        callback_id=MentoringIds.INVITE_APPLY,
        submit=_("Apply This Plan") if plan.invited else None,
        close=_("Back"),
        metadata={"program": plan.program_id, "whom": whom, "digest": plan.digest},
    )


def _named(title: str, names: Sequence[str], between: str = ", ") -> list[Json]:
    """Names in paragraphs; whoever finds no room is counted."""
    some = [names[at : at + A_LINE] for at in range(0, min(len(names), A_LINE * MOST_LINES), A_LINE)]
    blocks = [kit.section(f"*{title}*")] if some else []
    blocks += [kit.section(between.join(line)) for line in some]
    if len(names) > A_LINE * MOST_LINES:
        left = len(names) - A_LINE * MOST_LINES
        blocks.append(kit.context(n_("and {count} more", "and {count} more", left)))
    return blocks


def result(sentence: str) -> Json:
    """What came of it, or why nothing did."""
    told = kit.section(kit.escape(sentence, 500))
    return kit.modal(_("Invite mentees"), [told], callback_id=Ids.NOTICE, close=_("Close"))
