"""Files: the upload in two steps as slack_sdk makes it, and who may read them."""

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.client import NotThere


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


@pytest.fixture
def given(bot, ws, kit):
    """Show ana a modal that asks for a file; returns the modal, and what the app got by then."""
    got = []
    bot.view("form")(lambda ack, view: got.append(view["state"]["values"]["It"]["value"]) or ack())

    def show(**more):
        view = kit.modal("Form", kit.input("It", "file_input", **more), callback_id="form")
        bot.command("/sessions")(
            lambda ack, client, body: client.views_open(trigger_id=body["trigger_id"], view=view) and ack()
        )
        ws.user("ana").slash("/sessions", channel="general")
        return ws.user("ana").modal()

    show.got = got
    return show


def test_a_file_in_a_form_is_read_with_the_token(given, api, ids, ws, fetched):
    """The app gets its object, as Slack documents it, and its content by the private address."""
    modal = given(filetypes=["csv"], max_files=1)
    assert modal.fill({"It": {"name": "staged.csv", "content": "a,é\n"}}).submit()["status"] == "ok"
    (state,) = given.got
    (file,) = state["files"]
    assert state["type"] == "file_input"
    assert (file["name"], file["filetype"], file["user"], file["size"]) == ("staged.csv", "csv", ids.ana, 5)
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert fetched(file["url_private_download"], bearer)[2] == "a,é\n".encode()
    assert fetched(file["url_private_download"])[0] == 403
    assert api.files_info(file=file["id"])["file"]["name"] == "staged.csv"
    ws.change("grant", scopes=["commands"])
    assert fetched(file["url_private_download"], bearer)[0] == 403


def test_a_form_takes_the_files_it_asks_for(given):
    """Not another kind, not too many; an empty one is not sent where a file is required."""
    modal = given(filetypes=["csv"], max_files=1)
    for wrong in ({"name": "x.png", "content": "x"}, {"content": "x"}, "x.csv"):
        with pytest.raises(NotThere):
            modal.fill({"It": wrong})
    two = [{"name": "a.csv", "content": "a"}, {"name": "b.csv", "content": "b"}]
    with pytest.raises(NotThere):
        modal.fill({"It": two})
    assert modal.submit()["status"] == "incomplete"
    assert given.got == []


def test_a_page_gives_files_in_base64(given, api, fetched):
    """Any bytes arrive as they are."""
    modal = given()
    modal.fill({"It": [{"name": "a.bin", "base64": "AP8="}, {"name": "b.txt", "content": ""}]}).submit()
    (state,) = given.got
    first, second = state["files"]
    bearer = {"Authorization": f"Bearer {api.token}"}
    assert fetched(first["url_private"], bearer)[2] == b"\x00\xff"
    assert second["size"] == 0
