"""Links to what is bought are made anew with a new key, and stay the links they were."""

from datetime import UTC, datetime

from bot.vault import KeyVault
from services import bill_keys, bills, classes_payable
from services.bill_keys import Rotated
from services.outside import Reach
from store.core import Workspace
from store.database import Database
from store.payments import Bill
from tests.fakes import CountedChance
from tests.store.classes_rows import fill_classes

OLD, NEW = KeyVault(["an old key of letters"]), KeyVault(["a new key of letters!"])
BOTH = KeyVault(["a new key of letters!", "an old key of letters"])
URL = "https://sessions.example.com"
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)


def link(db: Database, vault: KeyVault, bought: int) -> str:
    """The address of a purchase's pay page, read with these keys; found by its mark too."""
    with db.reading() as tx:
        payable = classes_payable.open_of(tx, db, "T1", bought, now=NOW, lock=False)
        bill = bills.bill_of(tx, purchase_id=bought)
        assert payable is not None
        assert bill is not None
        found = bills.pay_link(Reach(url=URL, vault=vault), payable.key, bill)
        assert bill.link_hash == vault.mark(found.rpartition("/")[2], "pay")
        return found


def test_links_to_what_is_bought_are_made_anew(db: Database) -> None:
    """Once; what was sealed with a key that is lost is counted, and left as it is."""
    with db.transaction() as tx:
        tx.add(Workspace(team_id="T1", name="T", bot_user_id="B"))
        tx.flush()
        bought = fill_classes(tx, "T1")["bought"]
        payable = classes_payable.open_of(tx, db, "T1", bought, now=NOW)
        assert payable is not None
        bills.ask(payable, "Card", 1000, "USD", vault=OLD, chance=CountedChance())
    before = link(db, OLD, bought)

    assert bill_keys.rotate(db, NEW, now=NOW) == Rotated(unreadable=1)
    assert link(db, OLD, bought) == before
    assert bill_keys.rotate(db, BOTH, now=NOW) == Rotated(changed=1)
    assert link(db, NEW, bought) == before
    assert bill_keys.rotate(db, BOTH, now=NOW) == Rotated()
    with db.reading() as tx:
        assert tx.query(Bill).count() == 1
