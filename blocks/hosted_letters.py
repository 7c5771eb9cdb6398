"""The same messages as e-mails and as text messages."""

from collections.abc import Callable
from typing import Any

from domain.letters import Mail, TextMessage

MAILS: dict[type, Callable[[Any], Mail]] = {}
TEXTS: dict[type, Callable[[Any], TextMessage]] = {}
