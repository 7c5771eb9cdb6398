"""What messages of classes say: to members, to class staff, and to teachers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ToPerson:
    """What every message of classes begins with."""

    zone: str  # of the term
    locale: str = ""  # of the reader
    value: str = ""  # what its buttons carry: "<subject>.<message>"
    again: bool = False  # it may have arrived before


ClassesFacts = ToPerson
