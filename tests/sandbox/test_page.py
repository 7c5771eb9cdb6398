"""What the page is told, and what its files are held to."""

import base64

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


def facts(ws, **asked):
    """The page's first answer."""
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return ws.get(f"/control/see/page?{query}")


def test_the_first_to_act_is_an_admin(ws, ids):
    """Without a name, with an unknown one and as somebody who left, one acts as the first admin."""
    assert facts(ws)["me"] == ids.ana
    assert facts(ws, user="nobody")["me"] == ids.ana
    assert facts(ws, user="old")["me"] == ids.ana
    assert facts(ws, user="ben")["me"] == ids.ben


def test_private_channels_are_told_to_their_members_only(ws):
    """Others do not even learn their names."""
    names = {who: {c["name"] for c in facts(ws, user=who)["channels"]} for who in ("ana", "ben", "cy")}
    assert {who for who, seen in names.items() if "inner" in seen} == {"ana", "ben"}
    assert {who for who, seen in names.items() if "secret" in seen} == {"ana"}
    assert all("quiet" in seen for seen in names.values())


def test_unread_counts_what_others_wrote_since_one_looked(ws, api, ids):
    """One's own messages are no news, and looking at the conversation reads it."""
    ana = ws.user("ana")

    def unread():
        mine = facts(ws, user="ana")["conversations"]
        return next(c["unread"] for c in mine if c["name"] == "coffee")

    ana.say("mine", channel="coffee")
    api.chat_postMessage(channel=ids.coffee, text="one")
    ws.user("ben").say("two", channel="coffee")
    assert unread() == 2
    ana.conversation("coffee").messages()
    assert unread() == 0
    ws.user("ben").say("three", channel="coffee")
    assert unread() == 1


def test_single_messages_can_be_read(ws, api, ids):
    """Those that are there, as they are now; the ones that are gone are left out."""
    first = api.chat_postMessage(channel=ids.coffee, text="first")["ts"]
    second = api.chat_postMessage(channel=ids.coffee, text="second")["ts"]
    api.chat_postMessage(channel=ids.coffee, text="third")
    api.chat_update(channel=ids.coffee, ts=first, text="first, changed")
    api.chat_delete(channel=ids.coffee, ts=second)
    told = ws.get(f"/control/see/messages?user=ana&channel=coffee&ts={first},{second}")
    assert [m["text"] for m in told] == ["first, changed"]


def test_what_people_write_holds_no_marks_of_ours(ws, api, ids):
    """Angles and ampersands are escaped, and a name after @ is a mention, as Slack tells apps."""
    ws.user("ben").say("<!here> & @ana", channel="coffee")
    told = api.conversations_history(channel=ids.coffee)["messages"][0]
    assert told["text"] == f"&lt;!here&gt; &amp; <@{ids.ana}>"
    assert ws.user("cy").conversation("coffee").messages()[-1].text == "<!here> & @Ana Lima"


def test_the_page_may_load_nothing_from_elsewhere(ws, fetched):
    """A policy says so to the browser, for every file of the page."""
    for path in ("/", "/app.js", "/style.css"):
        status, headers, _ = fetched(ws.facts["url"] + path)
        assert status == 200
        assert headers["content-security-policy"].startswith("default-src 'self';")


def test_only_pictures_are_shown(ws, api, ids, fetched):
    """Another file is downloaded, so that a web page somebody sent cannot run beside ours."""
    sent = {}
    for name, content in (("a.png", PIXEL), ("a.html", b"<script>1</script>"), ("a.svg", b"<svg/>")):
        file = api.files_upload_v2(channel=ids.coffee, filename=name, content=content)["files"][0]
        sent[name] = fetched(file["url_private"], {"Authorization": f"Bearer {api.token}"})[1]
    assert sent["a.png"]["content-type"] == "image/png"
    for name in ("a.html", "a.svg"):
        assert sent[name]["content-type"] == "application/octet-stream"
        assert sent[name]["content-disposition"].startswith("attachment")
        assert sent[name]["x-content-type-options"] == "nosniff"
