"""docs/configuration.md, written from Settings so that it cannot be out of date."""

from bot.config import Settings, variables

HEAD = """\
# Configuration

Sessions reads these environment variables and nothing else. An empty value counts as none. A wrong value
stops every command with one sentence that names the variable; `sessions doctor` checks them all, and what
they point to. This page is written by `sessions config-doc > docs/configuration.md`.

| Variable | Default | Meaning |
|---|---|---|
"""


def document() -> str:
    """The page, ending with a newline."""
    rows = []
    for name, field in variables().items():
        info = Settings.model_fields[field]
        plain = isinstance(info.default, str | int) and info.default != ""
        default = f"`{info.default}`" if plain else ""
        meaning = (info.description or "").replace("|", "\\|")
        rows.append(f"| `{name}` | {default} | {meaning} |")
    return HEAD + "\n".join(rows) + "\n"
