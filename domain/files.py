"""A file that goes along with a message."""

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """Its *name* and what is in it; *title* stands above it, *alt* is for those who cannot see a picture."""

    name: str
    content: bytes
    title: str
    alt: str = ""
