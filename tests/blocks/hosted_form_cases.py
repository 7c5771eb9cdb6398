"""The forms of hosted sessions as a host meets them."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from blocks import hosted_forms as forms
from domain.billing import Fee
from domain.hosted import Channel, Stage
from domain.hosted_forms import HostedForm, Step, What
from domain.hosted_offer import About, Guest, Known, Offer, ServiceChoice

NEW_YORK = "America/New_York"
START = datetime(2026, 3, 3, 20, tzinfo=UTC)
COACHING = ServiceChoice(7, "Coaching", 4000, "USD")
OFFER = Offer(tz=NEW_YORK, mail=True, texts=True, services=(COACHING,))
OFF = Offer(tz=NEW_YORK)
TIME = HostedForm(what=What.SCHEDULED, step=Step.TIME, edition=1, tz=NEW_YORK)
PERSON = replace(
    TIME, step=Step.PERSON, day="2026-03-03", at="15:00", name="Joey P.", channel="email",
    email="joey@example.com", zone="Europe/Paris",
)  # fmt: skip
CONTACT = Known("Joey P.", Channel.EMAIL, "joey@example.com", contact_id=12)
ANN = Known("Ann <Ash>", Channel.SLACK, user_id="U2", zone=NEW_YORK)
TALK = About(3, "Talk & tea", Stage.SCHEDULED, START, 50)
GUESTS = (
    Guest(1, "Joey P.", Channel.EMAIL, "joey@example.com", NEW_YORK, fee=Fee(7, "Coaching", 4000, "USD")),
    Guest(2, "Ann", Channel.NONE, "", NEW_YORK),
)

FORM_VIEWS: dict[str, dict[str, Any]] = {
    "view-hosted-time": forms.view(TIME, OFFER),
    "view-hosted-person": forms.view(PERSON, OFFER, start=START),
    "view-hosted-now": forms.view(replace(PERSON, what=What.NOW), OFFER),
    "view-hosted-text": forms.view(replace(PERSON, channel="text", phone="+1 514"), OFFER, start=START),
    "view-hosted-no-invite": forms.view(replace(PERSON, channel="none"), OFF, start=START),
    "view-hosted-contact": forms.view(
        replace(PERSON, picked="c12", keep=False), replace(OFFER, known=CONTACT), start=START
    ),
    "view-hosted-colleague": forms.view(
        replace(PERSON, what=What.ADD, picked="uU2", name=ANN.name, channel="slack", session=3),
        replace(OFFER, known=ANN, about=TALK),
    ),
    "view-hosted-charging": forms.view(replace(PERSON, pay=True), OFFER, start=START),
    "view-hosted-charged": forms.view(
        replace(PERSON, pay=True, service=7, price="35"),
        OFFER,
        start=START,
        warning="You have another session at 15:00.",
        lines=["Press Save again to save it all the same."],
    ),
    "view-hosted-edit": forms.view(
        replace(PERSON, what=What.EDIT, participant=5, session=3, keep=False),
        replace(OFFER, about=TALK, paid=Fee(7, "Coaching", 4000, "USD")),
    ),
    "view-hosted-again": forms.view(
        replace(PERSON, what=What.AGAIN, step=Step.ALL, like=3, people=(1, 2)), replace(OFFER, guests=GUESTS)
    ),
    "view-hosted-codes": forms.told([("J & P", "000000007"), ("Ann", "123456789")]),
}
