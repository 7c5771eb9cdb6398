"""Messages of classes: to members, to class staff, and to teachers."""

from collections.abc import Callable
from typing import Any

from blocks.kit import Json
from domain.files import File

RENDERERS: dict[type, Callable[[Any], tuple[str, list[Json]]]] = {}
FILES: dict[type, Callable[[Any], File]] = {}
