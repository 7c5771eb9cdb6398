"""What is stored about people is what docs/privacy.md says."""

from pathlib import Path

from store import (
    classes,
    classes_sold,
    coffee,
    core,
    hosted,
    hosted_money,
    mentoring,
    outbox,
    payments,
    people,
)
from store.base import Base

TABLES = (
    coffee,
    classes,
    classes_sold,
    core,
    hosted,
    hosted_money,
    mentoring,
    outbox,
    payments,
    people,
)  # whoever imports them has their tables in the metadata

# columns that hold the id or the address of a person, or several
ABOUT_PEOPLE = {
    "user_id", "other_id", "recipient", "users", "actor", "created_by", "changed_by", "asked_by", "waived_by",
    "ref", "owner_id", "host_id", "participant_id", "address", "email", "phone", "source",
    "staff", "teacher_id", "with_id", "decided_by", "sold_by", "over_by", "intro_of",
}  # fmt: skip
PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


def test_every_table_about_people_stands_on_the_page() -> None:
    """A new table that names somebody has to say there what it is for."""
    about = {table.name for table in Base.metadata.sorted_tables if ABOUT_PEOPLE & set(table.columns.keys())}

    assert len(about) > 22
    assert {name for name in about if f"`{name}" not in PAGE} == set()


def test_nothing_stands_on_the_page_that_is_not_stored() -> None:
    """Each table it names is there."""
    named = {part.split(".")[0] for part in PAGE.split("`")[1::2] if part.isidentifier() or "." in part}

    assert {name for name in named if not (name.startswith("/") or name.isupper())} <= set(
        Base.metadata.tables
    )
