"""Who carries a message that is drawn: Slack, a mail server, a gateway for texts, or Stripe."""

import time

import structlog

from domain.billing import ChargeOrder, ExpireOrder, RefundOrder
from domain.messages import Kind, Method, OnDoubt, Outcome, Verdict
from services.claims import Claimed
from services.outside import NoPayments
from services.ports import Deps, Wire

log = structlog.get_logger()

OFF = Outcome(Verdict.REFUSED, reason="switched off")


def carry(deps: Deps, row: Claimed, wire: Wire) -> Outcome:
    """Send one message once."""
    if row.method is Method.MAIL:
        return deps.mailer.send(wire.mail) if deps.mailer and wire.mail else OFF
    if row.method is Method.TEXT:
        return deps.texter.send(wire.sms) if deps.texter and wire.sms else OFF
    if row.method is Method.MONEY:
        return _run(deps, wire)
    if wire.file is not None:
        sent = deps.uploader.send(row.channel or "", wire.file, wire.text)
        picture = row.kind is Kind.PLANNING_PICTURE  # whose text tells all that it shows
        no_scope = wire.instead and sent.reason.startswith("missing_scope")
        if sent.verdict is not Verdict.REFUSED or not (picture or no_scope):
            return sent
        log.warning("file_refused", team=row.team_id, message=row.id, reason=sent.reason)
        wire = Wire(wire.text if picture else wire.instead, [])
    return _slack(deps, row, wire)


def _slack(deps: Deps, row: Claimed, wire: Wire) -> Outcome:
    messenger = deps.messenger
    if row.method is Method.PUBLISH:
        return messenger.publish(row.recipient, wire)
    if row.kind.on_doubt is not OnDoubt.NEWEST:
        return messenger.post(row.channel or row.recipient, wire, row.key)
    address = row.params.get("response_url")
    if address and row.params["until"] > _real_seconds():
        outcome = messenger.replace(address, wire)
        if outcome.verdict is Verdict.SENT or not (row.channel and row.ts):
            return outcome
    if row.channel and row.ts:
        return messenger.update(row.channel, row.ts, wire)
    return Outcome(Verdict.REFUSED, reason="nowhere to show it")


def _run(deps: Deps, wire: Wire) -> Outcome:
    """Ask something of Stripe. What cannot be known is asked again: its key makes it happen once."""
    if deps.payments is None:
        return OFF
    if isinstance(wire.errand, RefundOrder):
        order = wire.errand
        return deps.payments.refund(order.intent, order.amount.minor, order.key)
    if isinstance(wire.errand, ChargeOrder):
        return deps.payments.charge(wire.errand.charge, only_look=wire.errand.only_look)
    if isinstance(wire.errand, ExpireOrder):
        try:
            deps.payments.expire(wire.errand.checkout)
        except NoPayments as away:
            return Outcome(Verdict.LATER, reason=str(away))
        return Outcome(Verdict.SENT)
    return OFF


def _real_seconds() -> float:
    return time.time()  # noqa: TID251 - a response_url lives in real time, wherever product time is
