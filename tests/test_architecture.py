"""What import-linter cannot see: each rule of the house that is a sentence has its test here."""

import ast
import importlib
import inspect
import re
import types
import typing
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, String

from blocks.classes_ids import ClassesIds
from blocks.hosted_ids import HostedIds
from blocks.ids import Ids
from blocks.mentoring_ids import MentoringIds
from blocks.messages import RENDERERS
from domain.facts import Facts
from domain.invitations import State
from domain.messages import LIVE, Kind, Method, OnDoubt
from jobs.queue import JOB_NAMES, NAME
from services import endings, facts
from services.delivery import Skip
from store.base import Base
from store.core import Invitation, Occurrence
from store.outbox import Outbox

ROOT = Path(__file__).parent.parent
ALL_IDS: tuple[type[StrEnum], ...] = (Ids, MentoringIds, HostedIds, ClassesIds)
FOLDERS = ("bot", "handlers", "jobs", "blocks", "services", "store", "domain", "sandbox")


@cache
def modules_of(folder: str) -> list[tuple[str, ast.Module]]:
    """Every module of a folder, read once."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [(str(path.relative_to(ROOT)), ast.parse(path.read_text())) for path in paths]


def sources(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module of these folders."""
    for folder in folders:
        yield from modules_of(folder)


def imports(tree: ast.Module) -> Iterator[str]:
    """The top-level names that a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.split(".")[0]


def who_imports(name: str) -> set[str]:
    """The modules that import a library."""
    return {path for path, tree in sources(*FOLDERS) if name in imports(tree)}


# --- Rooms ---------------------------------------------------------------------------------------------


def test_transactions_are_opened_in_services_only() -> None:
    """Whoever looks for what may change the database looks into one folder."""
    found = {
        path
        for path, tree in sources(*FOLDERS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("transaction", "reading")
    }

    # the laboratory wraps the one door, to hold or kill a process before it commits; sets scenes; and judges
    scenes = ("bot/lab/mentoring", "bot/lab/classes")
    others = {path for path in found if not path.startswith(("services/", *scenes))}
    assert others <= {"store/database.py", "bot/lab/probe.py"}


def test_the_queue_has_one_home() -> None:
    """RQ is known to one module, Redis to that one and to the composition root."""
    assert who_imports("rq") == {"jobs/queue.py"}
    assert {path for path in who_imports("redis") if not path.startswith("bot/")} == {"jobs/queue.py"}


def test_calculators_have_one_home() -> None:
    """Recurrence and holidays have a library each, known to one rule; a recurrence always gets a start."""
    assert who_imports("holidays") == {"domain/calendar.py"}
    assert who_imports("croniter") == {"domain/schedule.py"}
    (tree,) = [tree for path, tree in sources("domain") if path == "domain/schedule.py"]
    calls = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "croniter"
    ]
    assert calls
    assert all(len(call.args) >= 2 for call in calls)


@pytest.mark.parametrize("name", ["numpy", "scipy", "rustworkx", "ortools"])
def test_matching_is_computed_in_one_folder(name: str) -> None:
    """Arrays and their solvers belong to the matching rules, and to the laboratory that measures them."""
    assert {
        path for path in who_imports(name) if not path.startswith(("domain/matching/", "bot/lab/"))
    } == set()


def test_importing_opens_nothing() -> None:
    """No module builds an app, an engine or a client when it is imported."""
    builders = {"App", "create_engine", "make_engine", "WebClient", "Redis", "Database", "Settings"}
    for path, tree in sources(*FOLDERS):
        for node in tree.body:
            for call in ast.walk(node) if isinstance(node, ast.Assign | ast.Expr) else ():
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    assert call.func.id not in builders, f"{path}:{call.lineno}"


def test_rules_take_time_as_an_argument() -> None:
    """Nothing below the doors asks for the time of day, except the clock of leases."""
    for path, tree in sources("domain", "blocks", "services", "handlers"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr not in ("now", "utcnow", "today"), f"{path}:{node.lineno}"


# --- Jobs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(JOB_NAMES))
def test_each_job_on_the_list_exists(name: str) -> None:
    """A name on the list is a function that takes ids."""
    module, _, function = name.rpartition(".")
    found = getattr(importlib.import_module(module), function)
    hints = typing.get_type_hints(found)

    assert inspect.isfunction(found)
    assert {hints[parameter] for parameter in inspect.signature(found).parameters} <= {str, int}


@pytest.mark.parametrize("team", ["T1", "E0123456789", "T" + "9" * 31])
@pytest.mark.parametrize("turn", [-1, 0, 2**31])
def test_the_ids_of_jobs_are_legal(team: str, turn: int) -> None:
    """RQ takes letters, digits, _ and - in an id, and refuses everything else."""
    assert re.fullmatch("[A-Za-z0-9_-]+", f"work-{team}-{turn}")
    assert re.fullmatch("[A-Za-z0-9_-]+", NAME)


# --- Areas ---------------------------------------------------------------------------------------------

AREAS = ("coffee", "mentoring", "hosted", "classes")


def area_of(name: str) -> str:
    """The area that a module's name says it belongs to; "" for the shared core."""
    return next((area for area in AREAS if name.startswith(area)), "")


def modules(tree: ast.Module) -> Iterator[str]:
    """The last names of all modules that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.rpartition(".")[2] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.rpartition(".")[2]
            yield from (alias.name for alias in node.names)


def test_no_area_knows_another() -> None:
    """They meet in the core only."""
    for path, tree in sources(*FOLDERS):
        mine = area_of(Path(path).stem)
        known = {area_of(name) for name in modules(tree)} - {""}
        assert not mine or known <= {mine}, path


def test_places_of_classes_are_counted_in_one_module() -> None:
    """Whoever looks for how a date could hold too many looks into one file."""
    counting = {
        path
        for path, tree in sources("services", "handlers", "jobs")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any(one.arg == "taken" for one in node.keywords)
    }
    assert counting == {"services/classes_seats.py"}


# --- Ids -----------------------------------------------------------------------------------------------


def test_each_id_is_there_once() -> None:
    """Two members of one value would be one listener under two names."""
    members = [member for ids in ALL_IDS for member in ids.__members__.values()]
    assert len(members) == len({member.value for member in members})


def test_ids_say_what_they_are() -> None:
    """An id reads "<area>.<noun>.<verb>", and fits Slack's 255 characters."""
    for member in chain.from_iterable(ALL_IDS):
        assert member is Ids.INPUT or re.fullmatch(r"[a-z]+(\.[a-z_]+){1,2}", member), member
        assert len(member) <= 255


def test_ids_are_not_written_by_hand() -> None:
    """No module outside those that list them spells an id."""
    values = {member.value for member in chain.from_iterable(ALL_IDS) if "." in member}
    for path, tree in sources("handlers", "jobs", "blocks", "services"):
        if re.fullmatch(r"blocks/(\w+_)?ids\.py", path):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant):
                assert node.value not in values, f"{path}:{node.lineno}"


# --- Messages ------------------------------------------------------------------------------------------


def loaded_by(kind: Kind) -> set[type]:
    """The facts that a kind may load."""
    told = typing.get_type_hints(facts.LOADERS[kind])["return"]
    return set(typing.get_args(told)) if isinstance(told, types.UnionType) else {told}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_can_be_loaded_and_drawn(kind: Kind) -> None:
    """Each kind has a loader, and each thing that it loads has a renderer."""
    drawn = loaded_by(kind) - {Skip}

    assert drawn
    assert drawn <= set(RENDERERS)


def test_every_renderer_is_used() -> None:
    """Nothing is drawn that no kind loads, and the type of all facts is complete."""
    loaded = set.union(*(loaded_by(kind) for kind in Kind)) - {Skip}

    assert loaded == set(RENDERERS) == set(typing.get_args(Facts))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_says_what_to_do_in_doubt(kind: Kind) -> None:
    """The policy is one of four, and a kind that is asked about is a group's message."""
    assert kind.on_doubt in OnDoubt
    assert kind.priority in (LIVE, 0, 1, 2)
    assert set(facts.LOADERS) == set(Kind)
    assert (kind.on_doubt is OnDoubt.ASK) == (kind is Kind.COFFEE_GROUP)


def test_reasons_of_leavers_are_reasons_slack_gives() -> None:
    """What mends a group is an error that the adapter passes on as a refusal."""
    from bot.slack import REFUSED

    assert set(endings.PERSON_IS_GONE) <= REFUSED
    assert {reason.split(" ")[0] for reason in endings.REMEDIES} <= REFUSED


# --- Columns -------------------------------------------------------------------------------------------


def allowed(table: type[Base], column: str) -> set[str]:
    """The states that a table's CHECK lists."""
    (check,) = [
        one
        for one in table.__table__.constraints
        if isinstance(one, CheckConstraint) and str(one.name).endswith(f"_{column}")
    ]
    return set(re.findall(r"'(\w+)'", str(check.sqltext)))


def room(table: type[Base], column: str) -> int:
    """How many characters a column holds."""
    found: Any = table.__table__.c[column].type
    assert isinstance(found, String)
    return found.length or 0


def test_the_states_of_the_rules_are_those_of_the_tables() -> None:
    """What a rule may decide, a row may hold."""
    assert allowed(Invitation, "state") == {state.value for state in State}
    assert {"planned", "open", "matching", "matched"} <= allowed(Occurrence, "state")


def test_what_is_stored_fits() -> None:
    """PostgreSQL refuses what is too long for a column, where SQLite does not."""
    assert max(len(kind) for kind in Kind) <= room(Outbox, "kind")
    assert max(len(method) for method in Method) <= room(Outbox, "method")
    for table in (Outbox, Occurrence, Invitation):
        assert max(map(len, allowed(table, "state"))) <= room(table, "state")
    largest = 2**31
    for key in (
        f"invitation-{largest}-reminder-{largest}-below",
        f"occurrence-{largest}-left-out-{'U' * 32}",
        f"group-{largest}" + "-without-7" * 7,
        f"{max(Kind, key=len)}-{largest}",
        f"doubt-{largest}-{largest}",
    ):
        assert len(key) <= room(Outbox, "key"), key


def test_times_are_aware_in_every_table() -> None:
    """No table holds a time of a type that would take a naive one."""
    from store.base import UtcDateTime

    for table in Base.metadata.sorted_tables:
        for column in table.c:
            if "TIME" in str(column.type.compile()).upper():
                assert isinstance(column.type, UtcDateTime), f"{table.name}.{column.name}"
