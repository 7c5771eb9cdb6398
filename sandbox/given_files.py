"""Files that a person puts into a form: theirs, in no conversation, and read by the app with its token."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING

from sandbox.answers import CannotDo, Json
from sandbox.elements import Field
from sandbox.shapes import file_object
from sandbox.state import File, Person, Team

if TYPE_CHECKING:
    from sandbox.hub import Hub

MOST_FILES = 10  # of an element that does not say


def put(hub: Hub, team: Team, person: Person, found: Field, human: object) -> list[Json]:
    """The file objects that a file_input holds after *person* chose *human*; None, "" and [] empty it.

    A file is ``{"name": ..., "content": ...}``, or ``"base64"`` in place of the content; one that is held
    already is named by its ``"id"``.
    """
    items = human if isinstance(human, list) else [human] if human else []
    most = int(found.element.get("max_files", MOST_FILES))
    if len(items) > most:
        raise CannotDo(f"Choose at most {most} files.")
    files = [_one(hub, team, person, found, item) for item in items]
    return [file_object(team, file) for file in files]


def _one(hub: Hub, team: Team, person: Person, found: Field, item: object) -> File:
    if not isinstance(item, dict):
        raise CannotDo(f"{item!r} is not a file: give its name and content.")
    held = team.files.get(str(item.get("id", "")))
    if held is not None and held.user == person.id:
        return held
    name = str(item.get("name") or "")
    kinds = [str(kind).lower() for kind in found.element.get("filetypes") or []]
    if not name or (kinds and name.rpartition(".")[2].lower() not in kinds):
        raise CannotDo(f"{name!r} is not one of these: {', '.join(kinds) or 'a named file'}.")
    return _kept(hub, team, person, name, _content(item))


def _content(item: Json) -> bytes:
    if "base64" in item:
        return b64decode(str(item["base64"]))
    return str(item.get("content", "")).encode()


def _kept(hub: Hub, team: Team, person: Person, name: str, content: bytes) -> File:
    file_id = team.draw_id("F")
    file = File(
        id=file_id,
        name=name,
        title=name,
        user=person.id,
        created=int(hub.clock.now()),
        ticket=team.secret(),
        length=len(content),
        url=f"{hub.origin}/files/{file_id}/{name}",
        content=content,
        uploaded=True,
        completed=True,
    )
    team.files[file.id] = file
    return file
