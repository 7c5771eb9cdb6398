"""Brings the catalogues up to the code: ``make words``.

New texts get an empty entry, texts that are gone lose theirs, and translations stay as they are. What is a
text of ours: whatever stands in ``_()``, ``n_()``, ``say()``, ``say_n()`` or ``N_()``; the docstring of a
Refusal that is raised without a sentence of its own; and why a message is skipped, which the ledger shows.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from domain.text import OF

ROOT = Path(__file__).parent.parent
FOLDERS = ("blocks", "domain", "handlers", "jobs", "services", "store")
KEYWORDS = {"_": 1, "N_": 1, "say": 1, "n_": 2, "say_n": 2, "Skip": 1}  # how many of the arguments are texts
LOCALES = ROOT / "blocks" / "locales"
HEADER = """\
# Sessions in {name}. How a language is added and kept: docs/translating.md
msgid ""
msgstr ""
"Language: {path.stem}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {found.plural_forms}\\n"

"""

Text = str | tuple[str, ...]  # or what is said of one, and of many


def texts() -> Iterator[tuple[str, Text]]:
    """Every text of ours with the file it stands in, in the order of the code."""
    paths = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py"))]
    trees = {path: ast.parse(path.read_bytes()) for path in paths}
    spoken = _speaking_for_themselves(list(trees.values()))
    for path, tree in trees.items():
        found: dict[Any, Text] = {node: text for node in ast.walk(tree) if (text := _text(node, spoken))}
        for node in sorted(found, key=lambda node: (node.lineno, node.col_offset)):
            yield path.relative_to(ROOT).as_posix(), found[node]


def _text(node: ast.AST, spoken: set[str]) -> Text | None:
    if isinstance(node, ast.ClassDef) and node.name in spoken:
        return ast.get_docstring(node, clean=False)
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS):
        return None
    given = [one.value for one in node.args[: KEYWORDS[node.func.id]] if isinstance(one, ast.Constant)]
    if node.func.id == "N_" and given and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
        return f"{node.args[1].value!s}{OF}{given[0]!s}"
    return tuple(map(str, given)) if len(given) > 1 else str(given[0]) if given else None


def _speaking_for_themselves(trees: list[ast.Module]) -> set[str]:
    """The refusals whose docstring is what people read."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    refusals = {"Refusal"}
    while more := {one.name for one in classes if refusals & set(map(_name, one.bases))} - refusals:
        refusals |= more
    bare = set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr == "__doc__":
            bare.add(_name(node.value))
        elif isinstance(node, ast.Raise):
            bare.add(_name(node.exc))
        elif isinstance(node, ast.Call) and not node.args and not node.keywords:
            bare.add(_name(node.func))
    return (refusals - {"Refusal"}) & bare


def _name(node: ast.AST | None) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def template() -> Catalog:
    """A catalogue of all texts without translations."""
    found = Catalog()
    for where, text in texts():
        said_of, text = text.rpartition(OF)[::2] if isinstance(text, str) else ("", text)  # noqa: PLW2901
        found.add(text, locations=[(where, 0)], context=said_of or None)
    return found


def catalogue(path: Path) -> Catalog:
    """The catalogue in a file, which is named after its language."""
    if not path.exists():
        return Catalog(locale=path.stem)
    with path.open("rb") as source:
        return read_po(source, locale=path.stem)


def waiting(found: Catalog) -> list[str]:
    """The texts without a translation, or with one that its translator was not sure of."""
    return [forms(one.id)[0] for one in found if one.id and (one.fuzzy or not all(forms(one.string)))]


def forms(text: object) -> tuple[str, ...]:
    """A text in all its forms: as it is, or as it is said of one and of many."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text or ""),)


def update(path: Path) -> list[str]:
    """Bring one catalogue up to the code; the texts that wait for a translation."""
    found = catalogue(path)
    found.update(template(), no_fuzzy_matching=True)
    name = found.locale.english_name if found.locale else path.stem
    with path.open("wb") as target:
        target.write(HEADER.format(name=name, path=path, found=found).encode())
        write_po(target, found, width=100, omit_header=True, include_lineno=False, ignore_obsolete=True)
    return waiting(found)


def main(languages: list[str]) -> None:
    """Update the catalogues there are, and those of *languages*, which may be new."""
    paths = {*LOCALES.glob("*.po"), *(LOCALES / f"{language}.po" for language in languages)}
    for path in sorted(paths):
        empty = update(path)
        said = [f"{path.relative_to(ROOT)}: {len(empty)} texts wait for a translation", *empty]
        print(*said, sep="\n  ")  # noqa: T201 - this is a command


if __name__ == "__main__":
    main(sys.argv[1:])
