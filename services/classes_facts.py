"""What messages of classes say, read at the last moment before they leave."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from domain.classes_facts import ClassesFacts
from domain.messages import Kind
from services.delivery import Skip
from store.outbox import Outbox

LOADERS: dict[Kind, Callable[[Session, Outbox], ClassesFacts | Skip]] = {}
