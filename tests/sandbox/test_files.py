"""Files: the upload in two steps as slack_sdk makes it, and who may read them."""

import pytest
from slack_sdk.errors import SlackApiError


def test_an_upload_arrives_where_it_was_sent(api, ids, ws, fetched):
    """files_upload_v2 works whole: the file is under a message, and its content comes back."""
    channel = api.conversations_open(users=[ids.ana])["channel"]["id"]
    done = api.files_upload_v2(channel=channel, filename="round.csv", content="a,b\n1,2\n", title="Round")
    file = done["files"][0]
    message = ws.user("ana").dm().messages()[-1]
    assert message.facts["files"][0]["title"] == "Round"
    assert [f["name"] for f in ws.user("ana").files()] == ["round.csv"]
    assert ws.user("ben").files() == []
    assert api.files_info(file=file["id"])["file"]["size"] == 8
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert fetched(file["url_private"], bearer)[2] == b"a,b\n1,2\n"


def test_files_are_read_with_a_token_that_may(api, ids, ws, fetched):
    """Without a token, with a wrong one or without files:read the download is forbidden."""
    file = api.files_upload_v2(filename="x.txt", content="x")["files"][0]
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert fetched(file["url_private"], bearer)[0] == 200
    assert fetched(file["url_private"])[0] == 403
    assert fetched(file["url_private"], {"Authorization": "Bearer xoxb-no"})[0] == 403
    ws.change("grant", scopes=["files:write"])
    assert fetched(file["url_private"], bearer)[0] == 403


def test_an_upload_has_the_length_it_announced(api, raw):
    """Other content than announced is refused, and a file nobody uploaded cannot be completed."""
    told = api.files_getUploadURLExternal(filename="x.txt", length=3)
    assert raw(told["upload_url"], body=b"four", kind="text/plain")[0] == 400
    with pytest.raises(SlackApiError, match="file_not_found"):
        api.files_completeUploadExternal(files=[{"id": told["file_id"]}])


def test_a_deleted_file_is_gone(api, ids, ws):
    """It leaves the message and can be found no more."""
    file = api.files_upload_v2(channel=ids.general, filename="x.txt", content="x")["files"][0]
    assert api.files_delete(file=file["id"])["ok"]
    assert ws.user("ana").conversation("general").messages()[-1].facts["files"] == []
    with pytest.raises(SlackApiError, match="file_not_found"):
        api.files_info(file=file["id"])
