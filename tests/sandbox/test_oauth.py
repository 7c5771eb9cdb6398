"""Installing the app: consent page, code, token; and what a new consent brings back."""

import http.client
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

BACK = "http://127.0.0.1:9/back"


@pytest.fixture
def consent(ws):
    """Answer the consent page; tells the query the browser is led back with."""

    def answer(choice, team="T0SANDBOX", **asked):
        query = urlencode({"client_id": ws.facts["client_id"], "redirect_uri": BACK, "state": "s1", **asked})
        form = urlencode({"answer": choice, "team": team, "query": query})
        link = http.client.HTTPConnection(urlsplit(ws.facts["url"]).netloc)
        try:
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            link.request("POST", "/oauth/v2/authorize", form, kind)
            told = link.getresponse()
            told.read()
            return {k: v[0] for k, v in parse_qs(urlsplit(told.getheader("location")).query).items()}
        finally:
            link.close()

    return answer


def exchange(ws, code, **more):
    """Exchange a code as slack_sdk does."""
    return WebClient(base_url=ws.facts["api"], retry_handlers=[]).oauth_v2_access(
        client_id=ws.facts["client_id"],
        client_secret=ws.facts["client_secret"],
        code=code,
        **{"redirect_uri": BACK, **more},
    )


def test_allow_leads_back_with_a_code_for_a_token(ws, consent, api):
    """State comes back untouched; the code gives the token with the scopes that were asked."""
    told = consent("allow", scope="commands,chat:write")
    assert told["state"] == "s1"
    given = exchange(ws, told["code"])
    assert given["access_token"] == api.token
    assert given["scope"] == "chat:write,commands"
    assert given["team"] == {"id": "T0SANDBOX", "name": "Acme"}
    assert given["authed_user"]["id"] == ws.ids()["people"]["ana"]


def test_a_code_works_once(ws, consent):
    """A second exchange, another redirect address and a made-up code are refused."""
    code = consent("allow")["code"]
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        exchange(ws, code, redirect_uri="http://127.0.0.1:9/other")
    exchange(ws, code)
    with pytest.raises(SlackApiError, match="code_already_used"):
        exchange(ws, code)
    with pytest.raises(SlackApiError, match="invalid_code"):
        exchange(ws, "made-up")


def test_cancel_leads_back_with_access_denied(consent):
    """No code, the state, and the reason."""
    assert consent("cancel") == {"error": "access_denied", "state": "s1"}


def test_the_page_names_what_is_asked(ws, fetched):
    """The consent page lists the scopes, escaped."""
    query = urlencode({"client_id": ws.facts["client_id"], "scope": "commands,<b>"})
    status, _, page = fetched(f"{ws.facts['url']}/oauth/v2/authorize?{query}")
    assert status == 200
    assert b"<li>commands</li><li>&lt;b&gt;</li>" in page
    assert fetched(f"{ws.facts['url']}/oauth/v2/authorize?client_id=x")[0] == 400


def test_installing_again_after_a_revocation_gives_a_new_token(ws, consent, api):
    """The old token stays revoked; the new one works."""
    ws.change("revoke")
    with pytest.raises(SlackApiError, match="token_revoked"):
        api.auth_test()
    fresh = exchange(ws, consent("allow")["code"])["access_token"]
    assert fresh != api.token
    assert WebClient(fresh, base_url=ws.facts["api"], retry_handlers=[]).auth_test()["ok"]
    with pytest.raises(SlackApiError, match="token_revoked"):
        api.auth_test()


def test_the_app_can_remove_itself(ws, api):
    """auth.revoke and apps.uninstall end the token's use."""
    assert api.auth_revoke(test=True)["revoked"] is False
    assert api.auth_test()["ok"]
    api.apps_uninstall(client_id=ws.facts["client_id"], client_secret=ws.facts["client_secret"])
    with pytest.raises(SlackApiError, match="account_inactive"):
        api.auth_test()
