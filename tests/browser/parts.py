"""Blocks and their parts, written shortly."""

LABELS = ["Mon", "Tue", "Wed"]


def plain(text):
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text):
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def button(text, action="go", **more):
    """A button."""
    return {"type": "button", "action_id": action, "text": plain(text), **more}


def raw(text):
    """A cell of words."""
    return {"type": "raw_text", "text": text}


def number(value):
    """A cell with a number."""
    return {"type": "raw_number", "value": value}


def rich(*parts):
    """A rich_text block."""
    return {"type": "rich_text", "elements": list(parts)}


def words(text, **style):
    """Words of rich text, with a style."""
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def part(kind, *leaves, **more):
    """A section, list, quote or code of rich text."""
    return {"type": f"rich_text_{kind}", "elements": list(leaves), **more}


def chart(kind, **series):
    """A chart of some series over three days."""
    data = [
        {
            "name": name,
            "data": [{"label": label, "value": value} for label, value in zip(LABELS, values, strict=True)],
        }
        for name, values in series.items()
    ]
    axis = {"categories": LABELS, "x_label": "Day", "y_label": "People"}
    drawn = {"type": kind, "series": data, "axis_config": axis}
    return {"type": "data_visualization", "title": "Answers", "chart": drawn}


PICTURE = {"type": "image", "image_url": "https://elsewhere.invalid/cat.png", "alt_text": "A cat"}
PIE = {"type": "pie", "segments": [{"label": "Joined", "value": 3}, {"label": "Declined", "value": 1}]}
CARD = {
    "type": "card",
    "block_id": "card",
    "title": mrkdwn("*Coffee*"),
    "subtitle": plain("Every week"),
    "body": mrkdwn("Meet <@U1>"),
    "actions": [button("Join")],
    "hero_image": PICTURE,
}
ROWS = [
    [raw(name), number(sessions)] for name, sessions in (("Ana", 10), ("Ben", 9), ("Cy", 100), ("Di", -1))
]
DATA_TABLE = {
    "type": "data_table",
    "caption": "Who joined",
    "page_size": 3,
    "rows": [[raw("Name"), raw("Count")], *ROWS],
}
