"""Staged matches go out in a file and come back with decisions; a dry run shows what a run would do."""

import csv
import io
import urllib.request

import pytest

from tests.flows.conftest import PATIENCE
from tests.flows.mentoring_page import LEAD, a_program, add, others, page_of, turned_on


@pytest.fixture(scope="module")
def ws(stage_of):
    """One workspace of eight."""
    return stage_of(8).ws


def staged(ws, name):
    """A program with three mentors and three mentees, matched by a run; its page at the staged tab."""
    ana, people = ws.user("ana"), others(ws)
    a_program(ws, name, **LEAD)
    add(ws, name, "Mentor", *people[:3])
    add(ws, name, "Mentee", *people[3:6])
    turned_on(ws, name).press("Unmatched Mentees")
    ana.home(open_=False).press("Run Auto-Matching")
    modal = ana.modal("Run Auto-Matching")
    assert modal.text_has("This stages the best matches by your matching rules. Nothing goes live.")
    assert modal.submit()["status"] == "ok"
    ana.modal("Run Auto-Matching").wait_for("Staged 3 matches.", PATIENCE)
    ana.modal().close(everything=True)
    home = page_of(ana, name)
    home.press("Staged by Admin")
    return home.refresh()


def exported(ws):
    """The newest CSV file in Ana's direct messages, as rows."""
    ana = ws.user("ana")

    def there():
        return [one for one in ana.files() if one["name"] == "sessions-staged.csv"]

    ws.wait_until(there, PATIENCE)
    bearer = {"Authorization": f"Bearer {ws.facts['bot_token']}"}
    address = f"{ws.facts['api'].partition('/api')[0]}/files/{there()[-1]['id']}/staged.csv"
    request = urllib.request.Request(address, headers=bearer)  # noqa: S310  # of this computer
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        content = answer.read()
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_decisions_come_back_in_the_exported_file(ws, ana):
    """Export, decide, upload, look, apply: two are live and told, one is gone, an unknown id is named."""
    home = staged(ws, "Decided")
    home.press("Export")
    rows = exported(ws)
    assert [row["state"] for row in rows] == ["staged"] * 3
    for row, decision in zip(rows, ("approve", "approve", "discard"), strict=True):
        row["decision"] = decision
    rows.append({**rows[0], "match_id": "99999", "decision": "approve"})
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)

    home.press("Apply Decisions")
    modal = ana.modal("Apply Decisions")
    assert (
        modal.fill({"CSV file": {"name": "staged.csv", "content": text.getvalue()}}).submit()["status"]
        == "ok"
    )
    modal = ana.modal("Apply Decisions").wait_for("2 approve, 1 discard, 1 unknown id: 99999", PATIENCE)
    asked = modal.press("Apply Decisions")["confirm"]
    assert asked["text"]["text"] == "4 people will be told now."
    ana.modal("Apply Decisions").wait_for("2 approved, 1 discarded, 1 unknown id: 99999", PATIENCE)
    ana.modal().close(everything=True)

    for row in rows[:2]:
        mentee = next(one for one, user_id in ws.ids()["people"].items() if user_id == row["mentee_id"])
        ws.user(mentee).dm().wait_for("Mentorship assignment", PATIENCE)


def test_a_plan_is_shown_before_anybody_is_told(ws, ana):
    """[Dry Run] beside [Approve All] names whom, and [Apply This Plan] tells exactly them."""
    home = staged(ws, "Planned")
    home.press("Dry Run")
    modal = ana.modal("Dry Run")
    assert modal.text_has("6 people would be told now.")

    modal.press("Apply This Plan")

    assert ana.modal("Dry Run").text_has("3 matches are being approved.")
    ana.modal().close(everything=True)
    page_of(ana, "Planned").wait_for("Approved 3 matches.", PATIENCE)
