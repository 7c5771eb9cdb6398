"""Counts places, registrations and money of classes in the rows, and in Stripe's books.

Reads the tables as they are, and shares no code with whoever writes them.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, text

from bot.lab.checker_classes import Lesson

Json = dict[str, Any]
Rows = Mapping[str, Sequence[Json]]
TABLES = (
    "class_type", "class_term", "class_weekly", "class_date", "class_membership", "class_purchase",
    "class_enrolment", "class_waiting", "class_registration", "class_credit", "bill", "refund",
)  # fmt: skip
TAKES = ("held", "offered", "registered", "on_hold", "attended", "no_show")
SOLD = ("pending_approval", "awaiting_payment", "active", "suspended")
STOOD = ("active", "suspended", "ended")
NOTHING = ("rejected", "expired", "paid_unallocated")


def read(engine: Engine) -> Rows:
    """All rows of all these tables."""
    with engine.connect() as connection:
        return {
            table: [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]  # noqa: S608
            for table in TABLES
        }


def instant(stored: object) -> datetime:
    """SQLite keeps text, PostgreSQL an instant."""
    found = stored if isinstance(stored, datetime) else datetime.fromisoformat(str(stored))
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def check_places(rows: Rows) -> list[str]:
    """What is not as promised of places and sales, once nothing is on its way any more."""
    return [*_dates(rows), *_sales(rows), *_registered(rows), *_freed(rows), *_ended(rows)]


def _dates(rows: Rows) -> Iterator[str]:
    """Each date's *taken* is how many registrations take a place, and never more than its places."""
    taken = Counter(one["date_id"] for one in rows["class_registration"] if one["state"] in TAKES)
    for one in rows["class_date"]:
        name = f"date {one['id']} ({one['starts_at']})"
        if one["taken"] != taken[one["id"]]:
            yield f"{name}: {one['taken']} taken, but {taken[one['id']]} registrations take a place"
        if taken[one["id"]] > one["places"]:
            yield f"{name}: {taken[one['id']]} people for {one['places']} places"


def _sales(rows: Rows) -> Iterator[str]:
    """*sold* is how many purchases count, and those that are held or stood do."""
    sold = Counter(one["membership_id"] for one in rows["class_purchase"] if one["counted"])
    sold += Counter(one["membership_id"] for one in rows["class_waiting"] if one["counted"])
    for one in rows["class_membership"]:
        if one["sold"] != sold[one["id"]]:
            yield f"membership {one['name']}: {one['sold']} sold, but {sold[one['id']]} are counted"
    for one in rows["class_purchase"]:
        if bool(one["counted"]) != (one["state"] in SOLD):
            yield f"purchase {one['id']} ({one['state']}): counted is {bool(one['counted'])}"


def _window(term: Json, purchase: Json) -> tuple[datetime, datetime]:
    """From when to when a purchase is registered: so many weeks from the term's first day, on its wall."""
    zone, first = ZoneInfo(term["zone"]), date.fromisoformat(str(term["starts_on"])[:10])
    last = date.fromisoformat(str(term["ends_on"])[:10]) + timedelta(days=1)
    last = min(last, first + timedelta(weeks=purchase["weeks"]))
    begin, end = (datetime.combine(day, time(0), zone).astimezone(UTC) for day in (first, last))
    in_at = purchase["active_at"] or purchase["bought_at"]
    return max(begin, instant(in_at)), end


def _registered(rows: Rows) -> Iterator[str]:
    """Whoever is in has one registration for each date of their window, or was told why not."""
    terms = {one["id"]: one for one in rows["class_term"]}
    purchases = {one["id"]: one for one in rows["class_purchase"] if one["state"] in STOOD}
    has = defaultdict[tuple[int, int], list[Json]](list)
    for one in rows["class_registration"]:
        has[one["enrolment_id"], one["date_id"]].append(one)
    credited = {one["registration_id"] for one in rows["class_credit"]}
    for one in rows["class_enrolment"]:
        purchase = purchases.get(one["purchase_id"])
        if purchase is None or (one["ended_at"] and purchase["state"] != "ended"):
            continue
        begin, end = _window(terms[purchase["term_id"]], purchase)
        for each in rows["class_date"]:
            if each["class_id"] != one["class_id"] or each["state"] == "cancelled":
                continue
            if not begin <= instant(each["starts_at"]) < end:
                continue
            mine = has[one["id"], each["id"]]
            name = f"purchase {purchase['id']} at date {each['id']} ({each['starts_at']})"
            if len(mine) != 1:
                yield f"{name}: {len(mine)} registrations"
            elif mine[0]["state"] in ("held", "offered"):
                yield f"{name}: {mine[0]['state']}, though it is {purchase['state']}"
            elif mine[0]["state"] == "removed" and mine[0]["id"] not in credited:
                yield f"{name}: removed, and nothing says why"


def _freed(rows: Rows) -> Iterator[str]:
    """Whoever is not in any more has no place ahead of that."""
    purchases = {one["id"]: one for one in rows["class_purchase"]}
    owners = {one["id"]: purchases[one["purchase_id"]] for one in rows["class_enrolment"]}
    begins = {one["id"]: instant(one["starts_at"]) for one in rows["class_date"]}
    for one in rows["class_registration"]:
        owner = owners.get(one["enrolment_id"])
        if owner is None or one["state"] not in TAKES:
            continue
        over = owner["state"] == "cancelled" and begins[one["date_id"]] > instant(owner["over_at"])
        if owner["state"] in NOTHING or over:
            yield f"purchase {owner['id']} is {owner['state']}, and has a place at date {one['date_id']}"


def _ended(rows: Rows) -> Iterator[str]:
    """No hold and no offer stays."""
    for one in rows["class_purchase"]:
        if one["state"] in ("pending_approval", "awaiting_payment"):
            yield f"purchase {one['id']} is still {one['state']}"
    for one in rows["class_waiting"]:
        if one["state"] == "offered" or one["counted"]:
            yield f"entry {one['id']} of a waitlist: {one['state']}, counted is {bool(one['counted'])}"
    for one in rows["class_registration"]:
        if one["state"] in ("held", "offered"):
            yield f"registration {one['id']} is still {one['state']}"
    for one in rows["refund"]:
        if one["state"] != "done":
            yield f"refund {one['id']} is {one['state']}"


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COMES = ("registered", "attended", "no_show")


def check_coming(rows: Rows, coming: Mapping[str, Sequence[Lesson]]) -> list[str]:
    """Compare who comes to which dates with what should be, by user id; and when those dates are."""
    kinds = {one["id"]: one["name"] for one in rows["class_type"]}
    titles = {one["id"]: _title(kinds[one["type_id"]], one) for one in rows["class_weekly"]}
    dates = {one["id"]: (titles[one["class_id"]], str(one["day"])[:10], instant(one["starts_at"]))
             for one in rows["class_date"] if one["state"] != "cancelled"}  # fmt: skip
    seen = defaultdict[str, Counter[tuple[str, str, datetime]]](Counter)
    for one in rows["class_registration"]:
        if one["state"] in COMES and one["date_id"] in dates:
            seen[one["user_id"]][dates[one["date_id"]]] += 1
    wanted = {
        user: Counter((one.title, one.day.isoformat(), one.start) for one in lessons)
        for user, lessons in coming.items()
    }
    found = []
    for user in sorted({*seen, *wanted}):
        should = wanted.get(user, Counter())
        found += [f"{user} does not come to {one}" for one in should - seen[user]]
        found += [f"{user} comes to {one}, and should not" for one in seen[user] - should]
    return found


def _title(kind: str, one: Json) -> str:
    return f"{kind} · {DAYS[one['weekday']]} {one['minute'] // 60:02}:{one['minute'] % 60:02}"


# --- Money ---------------------------------------------------------------------------------------------


def check_money(rows: Rows, books: Json, wanted: Mapping[tuple[str, str], tuple[int, int]]) -> list[str]:
    """Compare bills with Stripe's *books*, and both with what should be.

    *wanted*: what was paid and what came back, in cents, by (membership, user id); 0 for all others.
    """
    return [*_charged(rows, books), *_due(rows), *_as_wanted(rows, books, wanted)]


def _charged(rows: Rows, books: Json) -> Iterator[str]:
    """Each charge is of one bill, which knows the same amounts."""
    bills = {one["intent"]: one for one in rows["bill"] if one["intent"]}
    charged = Counter(one["payment_intent"] for one in books["charges"] if _good(one))
    for one in books["charges"]:
        if not _good(one):
            continue
        bill = bills.get(one["payment_intent"])
        if bill is None:
            if one["amount_refunded"] != one["amount"]:
                yield f"Stripe has {one['amount']} of {one['payment_intent']}, which no bill knows"
        elif (one["amount"], one["amount_refunded"]) != (bill["paid"], bill["refunded"]):
            at_stripe = (one["amount"], one["amount_refunded"])
            yield f"bill {bill['id']}: Stripe has {at_stripe}, our row {(bill['paid'], bill['refunded'])}"
    for one in rows["bill"]:
        if one["paid"] and charged[one["intent"]] != 1:
            yield f"bill {one['id']}: {charged[one['intent']]} charges"
        back = sum(each["amount"] for each in rows["refund"] if each["bill_id"] == one["id"])
        if one["refunded"] != back:
            yield f"bill {one['id']}: {one['refunded']} came back, {back} was asked for"


def _good(charge: Json) -> bool:
    return bool(charge.get("paid", True)) and charge.get("status", "succeeded") == "succeeded"


def _due(rows: Rows) -> Iterator[str]:
    """Nobody is, or was, in without payment where one is due."""
    settled = {one["purchase_id"] for one in rows["bill"]
               if not one["part"] and (one["paid"] == one["amount"] or one["state"] == "waived")}  # fmt: skip
    for one in rows["class_purchase"]:
        if one["state"] in STOOD and one["amount"] and one["id"] not in settled:
            yield f"purchase {one['id']} is {one['state']}, and not paid"


def _as_wanted(rows: Rows, books: Json, wanted: Mapping[tuple[str, str], tuple[int, int]]) -> Iterator[str]:
    whose = {one["id"]: (one["name"], one["user_id"]) for one in rows["class_purchase"]}
    at_stripe = {one["payment_intent"]: one for one in books["charges"] if _good(one)}
    sums = defaultdict[tuple[str, str], list[int]](lambda: [0, 0])
    for one in rows["bill"]:
        charge = at_stripe.get(one["intent"])
        if one["purchase_id"] in whose and charge is not None:
            sums[whose[one["purchase_id"]]][0] += charge["amount"]
            sums[whose[one["purchase_id"]]][1] += charge["amount_refunded"]
    for key in sorted({*sums, *wanted}):
        seen, should = tuple(sums[key]), wanted.get(key, (0, 0))
        if seen != should:
            yield f"{key[0]} of {key[1]}: (paid, back) is {seen} instead of {should}"
