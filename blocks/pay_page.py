"""The pay page: what is to be paid and for what, and how it stands once it is."""

from blocks.hosted_sentences import CANCELLED, SESSION
from blocks.hosted_times import in_both
from blocks.kit import spoken
from blocks.pages import page
from blocks.words import _, retold, short_day
from domain.billing import Amount
from domain.money import shown
from domain.pay_page import OfMembership, OfSession, Page, PayView
from domain.text import Said

Rows = list[tuple[str, tuple[str, ...]]]


def pay(told: PayView, here: str) -> str:
    """The page of a link; *here* is its address."""
    title, lines = _says(told)
    due = told.page is Page.DUE
    return page(
        "pay.html",
        over=_over(told),
        title=title,
        lines=lines,
        facts=_facts(told),
        rule=_rule(told) if due else "",
        rule_title=_("Cancellation rule"),
        button=_("Pay {amount}", amount=_price(told.amount)) if due else "",
        here=here,
        small=_("You pay at Stripe. Your card details never reach us.") if due else "",
        link=_link(told),
        href=told.join,
    )


def _rule(told: PayView) -> str:
    """A host's own words stay as they are."""
    return retold(told.rule) if isinstance(told.rule, Said) else told.rule


def away(told: PayView, here: str) -> str:
    """Stripe cannot be reached now."""
    return _only(told, here, _("Payment is not available right now. Try again in a minute."), again=True)


def refused(told: PayView, here: str) -> str:
    """Stripe does not take this price."""
    return _only(told, here, _("This amount cannot be paid online. Please tell your host."), again=False)


def leads_on(told: PayView, url: str) -> str:
    """The Checkout opens by itself; where it does not, there is a link."""
    return _plain(told, _("The payment page opens now. If nothing happens, follow the link."), url=url)


def no_such_link() -> str:
    """A link of nobody."""
    return page(
        "says.html",
        over="",
        title=_("This link is not valid."),
        lines=[_("Check it, or ask your host for a new one.")],
    )


def _only(told: PayView, here: str, said: str, *, again: bool) -> str:
    amount = _price(told.amount)
    button = _("Pay {amount}", amount=amount) if again else ""
    return page(
        "pay.html", over=_over(told), title=said, lines=[], facts=_facts(told),
        rule="", rule_title="", button=button, here=here, small="", link="", href="",
    )  # fmt: skip


def _plain(told: PayView, said: str, *, url: str) -> str:
    return page(
        "pay.html", over=_over(told), title=said, lines=[], facts=[],
        rule="", rule_title="", button="", here="", small="", link=_("Go on to payment"), href=url,
    )  # fmt: skip


def _over(told: PayView) -> str:
    if isinstance(told.about, OfSession):
        return _("Session with {host}", host=told.host)
    return _("Membership at {host}", host=told.host)


def _says(told: PayView) -> tuple[str, list[str]]:
    """The sentence on top, and what follows it."""
    back = [_("You get {amount} back.", amount=_price(told.back))] if told.back else []
    by_host = _("{host} asks for no payment.", host=told.host)
    session = isinstance(told.about, OfSession)
    cancelled = _(CANCELLED) if session else _("This membership is not to be paid any more.")
    over = _("This session is over.") if session else _("The time to pay this is over.")
    said: dict[Page, tuple[str, list[str]]] = {
        Page.DUE: (_("Please pay {amount}", amount=_price(told.amount)), []),
        Page.PROCESSING: (_("Your payment is on its way."), [_("This page shows when it has arrived.")]),
        Page.PAID: (_("Paid. Thank you!"), back),
        Page.WAIVED: (_("Nothing is to be paid."), [by_host, *back]),
        Page.REFUNDED: (_("Your payment was given back."), back),
        Page.CANCELLED: (cancelled, back),
        Page.ENDED: (over, [_("It cannot be paid here any more.")]),
    }
    return said[told.page]


def _facts(told: PayView) -> Rows:
    about = told.about
    found = _of_session(told, about) if isinstance(about, OfSession) else _of_membership(told, about)
    if told.service and isinstance(about, OfSession):  # a membership's is its name and instalment once more
        found.append((_("Service"), (told.service,)))
    return [*found, (_("Amount"), (_price(told.amount),))]


def _of_session(told: PayView, about: OfSession) -> Rows:
    found: Rows = [
        (_("For"), (told.name,)),
        (_("When"), (in_both(about.starts_at, about.zone, about.host_zone),)),
    ]
    return [(_(SESSION), (about.title,)), *found] if about.title else found


def _of_membership(told: PayView, about: OfMembership) -> Rows:
    found: Rows = [(_("Membership"), (about.title,)), (_("For"), (told.name,))]
    if about.classes:
        found.append((_("Classes"), (spoken(retold(one) for one in about.classes),)))
    if about.first and about.last:
        days = _("{first} to {last}", first=short_day(about.first), last=short_day(about.last))
        found.append((_("Dates"), (days,)))
    if about.parts > 1:
        found.append((_("Instalment"), (_("{part} of {parts}", part=about.part, parts=about.parts),)))
    return found


def _link(told: PayView) -> str:
    gone = told.page in (Page.CANCELLED, Page.ENDED)
    if gone or not told.join:
        return ""
    return _("Go to your session") if isinstance(told.about, OfSession) else _("Go to your classes")


def _price(amount: Amount) -> str:
    return retold(shown(amount.minor, amount.currency))
