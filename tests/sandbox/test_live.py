"""The calibration against Slack itself, by hand: ``pytest -m live`` with a token of a test workspace.

Rows that need nothing arranged are asked of the real Web API; every difference is a failure whose
remedy is to change the row and its source. Set LIVE_SLACK_TOKEN, LIVE_SLACK_CHANNEL (a public
channel with the bot in it) and LIVE_SLACK_USER (an active person).
"""

import os
from pathlib import Path

import pytest
import yaml
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

ROWS = [
    row
    for row in yaml.safe_load(Path(__file__).with_name("calibration.yml").read_text("utf-8"))
    if not {"given", "token", "tolerates"} & set(row) and "error" in row["answer"]
]
# Written so, a row needs only what the environment gives.
KNOWN = {"general": "LIVE_SLACK_CHANNEL", "ana": "LIVE_SLACK_USER"}


@pytest.mark.live
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['call']}-{row['answer']['error']}")
def test_slack_answers_so(row):
    """Slack's error is the one in our table."""
    facts = {name: os.environ[variable] for name, variable in KNOWN.items()}
    client = WebClient(os.environ["LIVE_SLACK_TOKEN"], retry_handlers=[])
    try:
        args = filled(row.get("args", {}), facts)
    except KeyError as missing:
        pytest.skip(f"This row needs {missing}, which a live workspace does not have.")
    with pytest.raises(SlackApiError) as refused:
        client.api_call(row["call"], json=args)
    assert refused.value.response["error"] == row["answer"]["error"]


def filled(value, facts):
    """A row's value with ids put in and repetitions written out."""
    if isinstance(value, dict) and set(value) == {"repeat", "times"}:
        part = filled(value["repeat"], facts)
        return part * value["times"] if isinstance(part, str) else [part] * value["times"]
    if isinstance(value, dict):
        return {key: filled(inner, facts) for key, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, facts) for inner in value]
    return value.format(**facts) if isinstance(value, str) and "{" in value else value
