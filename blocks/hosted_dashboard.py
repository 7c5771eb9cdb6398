"""The area [1:1 Sessions] of App Home."""

from blocks import kit
from blocks.kit import Json
from blocks.words import _
from domain.hosted_facts import Dashboard


def parts(told: Dashboard) -> list[Json]:
    """All of it."""
    return [kit.header(_("1:1 Sessions"))]
