"""The area [Classes] as staff and members use it: what several stories do by the labels that people see."""

from sandbox.client import Home, Modal, User, Workspace
from tests.flows.conftest import PATIENCE
from tests.flows.hosted_page import close_all

FIRST, LAST = "2027-03-08", "2027-06-18"  # Monday of next week to a Friday: fifteen weeks
WEEKS = 15


def person(ws: Workspace, number: int) -> User:
    """Somebody without an open modal; Ana is 0, and an administrator."""
    handles = [one for one in ws.ids()["people"] if one not in ("sessions", "slackbot")]
    found = ws.user(handles[number])
    close_all(found)
    return found


def area(who: User) -> Home:
    """Somebody's area, opened."""
    home = who.home()
    while "Back" in home.labels:  # from one membership to all, from there to the start
        home.press("Back")
        home.refresh()
    home.wait_for("Pause for good", PATIENCE).press("Classes")
    return home.wait_for("Memberships", PATIENCE)


SHOWN = {
    "Classes": "Add a New Session", "Class Types": "Add Class Type", "Memberships": "Add New Membership",
    "Members": "Register Member", "Requests": "Requests",
}  # fmt: skip


def tab(who: User, label: str) -> Home:
    """A tab of staff's pages."""
    home = area(who)
    home.press(label)
    return home.wait_for(SHOWN[label], PATIENCE)


def done(form: Modal) -> None:
    """Submit a form; what it shows afterwards stays open."""
    told = form.submit()
    assert told["status"] == "ok", form.refresh().errors if form.is_open() else told


def a_type(who: User, name: str) -> None:
    """[Add Class Type]."""
    tab(who, "Class Types").press("Add Class Type")
    done(who.modal("New class type").fill({"Name": name}))
    close_all(who)


def a_term(who: User, name: str, first: str = FIRST, last: str = LAST, **more: object) -> Home:
    """[Add a New Session], and its page."""
    tab(who, "Classes").press("Add a New Session")
    form = {"Session name": name, "Start date": first, "End date": last, **more}
    done(who.modal("New session").fill(form))
    close_all(who)
    return open_term(who, name)


def open_term(who: User, name: str) -> Home:
    """The page of a session."""
    home = tab(who, "Classes")
    press_at(home, name, "Open")
    return home.wait_for("Manage Classes", PATIENCE)


def a_class(
    who: User, kind: str, days: list[str], at: str = "18:00", places: int = 10, **more: object
) -> None:
    """[Add New Class] on the page that is open."""
    who.home(open_=False).press("Add New Class")
    form = {"Class type": kind, "Days": days, "Start time": at, "Places": str(places), **more}
    done(who.modal("New class").fill(form))
    close_all(who)


def assign_all(who: User) -> Home:
    """[Select All], then [Assign to Session]."""
    home = who.home(open_=False)
    home.press("Select All")
    home.refresh().press("Assign to Session")
    return home.refresh()


def a_studio(who: User, name: str, kind: str, days: list[str], *, places: int = 10, **more: object) -> None:
    """A session with one class on each of these days, all with dates."""
    a_type(who, kind)
    a_term(who, name, **more)
    a_class(who, kind, days, places=places)
    assert "assigned" in assign_all(who).text()


def wizard(who: User, name: str, term: str, price: str = "120.00", **more: object) -> Modal:
    """[Add New Membership] up to its second step."""
    tab(who, "Memberships").press("Add New Membership")
    who.modal("New membership").choose("Session", term)
    done(who.modal().fill({"Membership name": name, "Price": price, **more}))
    return who.modal()


def a_membership(
    who: User,
    name: str,
    term: str,
    classes: list[str],
    *,
    price: str = "120.00",
    settings: tuple[str, ...] = (),
    **more: object,
) -> Home:
    """A membership that is on sale: a class card, unless *more* says otherwise."""
    wizard(who, name, term, price, **more)
    done(who.modal().fill({"Classes members can choose": classes}))
    done(who.modal())
    online = [] if "not online" in settings else ["Available online"]
    ticked = [*online, *(one for one in settings if one != "not online")]
    who.modal().fill({"Membership settings": ticked})
    done(who.modal())
    close_all(who)
    return tab(who, "Memberships").wait_for(name, PATIENCE)


def sale(who: User) -> Home:
    """What somebody sees of the memberships for sale."""
    home = area(who)
    if "Class Types" in home.labels:  # staff have pages of their own
        home.press("My Classes")
    return home.wait_for("Memberships for sale", PATIENCE)


def offered(home: Home, name: str) -> list[str]:
    """The labels of the buttons beside and below a membership for sale."""
    blocks = home.facts["blocks"]
    at = next(i for i, one in enumerate(blocks) if f"*{name}*" in str(one.get("text")))
    below = blocks[at + 1] if at + 1 < len(blocks) else {}
    shown = [blocks[at].get("accessory"), *(below.get("elements") or [])]
    return [str(one["text"]["text"]) for one in shown if one and one.get("type") == "button"]


def press_at(home: Home, name: str, label: str) -> None:
    """Press a button beside or below what begins with this name."""
    blocks = home.facts["blocks"]
    at = next(i for i, one in enumerate(blocks) if f"*{name}" in str(one.get("text")))
    for block in blocks[at:]:
        for one in [block.get("accessory"), *(block.get("elements") or [])]:
            if one and one.get("type") == "button" and one["text"]["text"] == label:
                spot = {"block_id": block["block_id"], "action_id": one["action_id"], "home": True}
                home.user.act("use", label=label, value=None, confirm=True, **spot)
                return
    raise AssertionError(f"No {label} at {name}: {home.text()}")


def choice(who: User, name: str) -> Modal:
    """[Buy]: the choice of classes."""
    press_at(sale(who), name, "Buy")
    return who.modal("Choose your classes")


def buy(who: User, name: str, classes: list[str]) -> Modal:
    """[Buy] a membership with these classes; what is shown then."""
    label = f"Choose {len(classes)} classes" if len(classes) > 1 else "Choose 1 class"
    done(choice(who, name).fill({label: classes}))
    return who.modal()


def link(modal: Modal, label: str) -> str:
    """Where a button of a form leads."""
    for block in modal.facts["blocks"]:
        for one in [block.get("accessory"), *(block.get("elements") or [])]:
            if one and (one.get("text") or {}).get("text") == label and one.get("url"):
                return str(one["url"])
    raise AssertionError(f"{label} leads nowhere: {modal.text()}")
