"""The file of all that is stored about somebody, and the line beside it."""

import json

from blocks import kit
from blocks.kit import Json
from blocks.words import _
from domain.facts import MyData
from domain.files import File


def message(told: MyData) -> tuple[str, list[Json]]:
    """What stands beside the file."""
    text = _("This is all that Sessions stores about you. Only you get this file.")
    return text, [kit.section(text)]


def file(told: MyData) -> File:
    """Readable by people and by machines: JSON with a name for everything."""
    content = json.dumps(told.data, ensure_ascii=False, indent=2, default=str)
    return File("my-data.json", content.encode(), _("My data"))
