"""``python -m bot`` is ``sessions``."""

from bot.cli import main

main()
