"""The warp clock, and dates as each reader sees them in that reader's own zone."""

from datetime import UTC, datetime

import pytest

from sandbox.client import NotThere
from sandbox.clock import WarpClock, instant_of


def at(text):
    """An instant from ISO text in UTC."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def test_the_clock_only_moves_forward(ws):
    """It jumps by a duration or to an instant, and refuses to go back."""
    now = ws.clock.now()
    assert ws.clock.advance(3_600) == pytest.approx(now + 3_600, abs=2)
    ahead = datetime.fromtimestamp(now + 90_000, UTC)
    assert ws.clock.advance_to(ahead) == pytest.approx(now + 90_000, abs=2)
    for refused in (lambda: ws.clock.advance(-1), lambda: ws.clock.advance_to(now)):
        with pytest.raises(ValueError, match="only moves forward"):
            refused()


def test_the_clock_may_run_faster(monkeypatch):
    """At rate 3,600 an hour passes in a second; at 0 it stands."""
    real = [50.0]
    monkeypatch.setattr("time.monotonic", lambda: real[0])
    clock = WarpClock(1_000.0)
    clock.set_rate(3_600)
    real[0] += 1
    assert clock.now() == 4_600
    clock.set_rate(0)
    real[0] += 100
    assert clock.now() == 4_600
    with pytest.raises(ValueError, match="forward"):
        clock.set_rate(-1)


def test_the_clock_jumps_to_what_the_app_waits_for(ws):
    """The app tells its next event; one jump goes there, and then none is known until it tells."""
    soon = int(ws.clock.now()) + 90_000
    told = datetime.fromtimestamp(soon, UTC).isoformat()
    assert ws.post("/control/clock", next=told)["next"] == ws.clock.next() == soon

    assert ws.clock.to_next() == pytest.approx(soon, abs=2)
    assert ws.clock.next() is None
    with pytest.raises(NotThere, match="the app waits for none"):
        ws.clock.to_next()


def test_a_next_event_is_over_when_its_time_has_come(ws):
    """However the clock passes it, it is no event to come; a reset forgets it too."""
    for over in (lambda: ws.clock.advance(200), lambda: ws.post("/control/reset")):
        ws.post("/control/clock", next=ws.clock.now() + 100)
        over()
        assert ws.clock.next() is None


def test_whoever_listens_hears_of_the_clock(ws):
    """Each jump, rate and next event is one entry with all three; what changes nothing is none."""
    mark, soon = ws.mark(), int(ws.clock.now()) + 90_000
    for told in ({"next": soon}, {"next": soon}, {}, {"rate": 0}, {"to_next": True}, {"next": None}):
        ws.post("/control/clock", told)

    heard = [(e["rate"], e["next"]) for e in ws.journal(mark, kinds=["clock"])]
    assert heard == [(1, soon), (0, soon), (0, None)]
    assert ws.journal(mark, kinds=["clock"])[-1]["now"] == soon == ws.clock.now()


def test_an_instant_needs_its_offset():
    """A naive time could mean anything, so it is refused."""
    assert instant_of("2027-03-01T09:00:00+01:00") == at("2027-03-01T08:00:00")
    with pytest.raises(ValueError, match="offset"):
        instant_of("2027-03-01T09:00:00")


def test_messages_carry_workspace_time_and_signatures_real_time(ws, api, ids, door):
    """Ts and event_time follow the warp clock; signatures stay within the real five minutes."""
    import time

    door.handle = lambda: ""
    ws.clock.advance(30 * 86_400)
    posted = api.chat_postMessage(channel=ids.general, text="x")
    assert float(posted["ts"]) == pytest.approx(ws.clock.now(), abs=2)
    ws.user("ana").change(name="A")
    assert ws.quiet()
    payload = ws.journal(kinds=["delivery"])[0]["payload"]
    assert payload["event_time"] == pytest.approx(ws.clock.now(), abs=2)
    signed = int(door.requests[0][0]["X-Slack-Request-Timestamp"])
    assert signed == pytest.approx(time.time(), abs=2)


def test_offsets_follow_daylight_saving(ws, api, ids):
    """tz_offset is that of the workspace's present: it changes when summer time begins."""
    ws.clock.advance_to("2031-03-29T12:00:00+00:00")
    before = api.users_info(user=ids.ben)["user"]
    ws.clock.advance_to("2031-03-30T12:00:00+00:00")
    after = api.users_info(user=ids.ben)["user"]
    assert (before["tz_offset"], after["tz_offset"]) == (3_600, 7_200)
    assert before["tz_label"] == "Central European Time"
    assert after["tz_label"] == "Central European Summer Time"
    nobody = api.users_info(user=ids.notz)["user"]
    assert not {"tz", "tz_offset", "tz_label"} & set(nobody)


def test_a_date_reads_right_in_three_zones(ws, api, ids):
    """One token, three readers, and the hour moves with daylight saving."""
    winter, summer = at("2031-03-28T20:30:00"), at("2031-04-02T20:30:00")
    token = "<!date^{}^{{date_short}} at {{time}}|fallback>"
    for moment in (winter, summer):
        api.chat_postMessage(channel=ids.coffee, text=token.format(moment))
    shown = {
        name: [m.text for m in ws.user(name).conversation("coffee").messages()]
        for name in ("ana", "ben", "cy")
    }
    assert shown == {
        "ana": ["Mar 28, 2031 at 5:30 PM", "Apr 2, 2031 at 5:30 PM"],
        "ben": ["Mar 28, 2031 at 9:30 PM", "Apr 2, 2031 at 10:30 PM"],
        "cy": ["Mar 29, 2031 at 5:30 AM", "Apr 3, 2031 at 5:30 AM"],
    }


@pytest.mark.parametrize(
    ("token", "reads"),
    [
        ("{date_num}", "2031-03-28"),
        ("{date_slash}", "03/28/2031"),
        ("{date}", "March 28th, 2031"),
        ("{date_long}", "Friday, March 28th, 2031"),
        ("{date_short_pretty}", "tomorrow"),
        ("{date_pretty}", "tomorrow"),
        ("{time_secs}", "9:30:00 PM"),
        ("{ago}", "in 1 day"),
        ("{nonsense}", "{nonsense}"),
    ],
)
def test_date_formats(token, reads, ws, api, ids):
    """Each of Slack's date formats reads as documented."""
    ws.clock.advance_to("2031-03-27T20:00:00+00:00")
    text = f"<!date^{at('2031-03-28T20:30:00')}^{token}|fallback>"
    api.chat_postMessage(channel=ids.ben, text=text)
    assert ws.user("ben").dm().messages()[0].text == reads


def test_what_passed_is_counted_in_real_time(ws, api, ids):
    """Two hours are two hours, also in a night in which the clocks were moved."""
    ws.clock.advance_to("2031-03-30T03:00:00+00:00")  # 05:00 in Paris; at 01:00 it was 02:00 there
    api.chat_postMessage(channel=ids.ben, text=f"<!date^{at('2031-03-30T00:30:00')}^{{ago}}|x>")
    assert ws.user("ben").dm().messages()[0].text == "2 hours ago"


def test_broken_dates_show_their_fallback(ws, api, ids):
    """A token that is no instant reads as its fallback."""
    api.chat_postMessage(channel=ids.ben, text="<!date^soon^{date}|some day>")
    assert ws.user("ben").dm().messages()[0].text == "some day"


def test_names_links_and_entities_are_read(ws, api, ids, kit):
    """Ids become names, links their labels, entities their characters; in blocks too."""
    text = f"<@{ids.ana}> in <#{ids.coffee}> with <!subteam^{ids.groups['mentors']}> <!here>"
    api.chat_postMessage(
        channel=ids.ben,
        text="x",
        blocks=[kit.section(text), kit.section("<https://a.example|docs> 1 &lt; 2 &amp; 3")],
    )
    shown = ws.user("ben").dm().messages()[0].text
    assert shown == "@Ana Lima in #coffee with @mentors @here\ndocs 1 < 2 & 3"


def test_a_trigger_lives_three_seconds(monkeypatch):
    """At 2.8 s it opens a view, at 3.2 s it has expired, a second time it is used up."""
    from sandbox import modals
    from sandbox.answers import SlackError
    from sandbox.hub import Hub
    from sandbox.manifest import Manifest
    from sandbox.seeds import read_seed

    now = [100.0]
    monkeypatch.setattr("sandbox.modals.ticks", lambda: now[0])
    hub = Hub(read_seed(None, Manifest()))
    ana = hub.team.person_by_handle("ana").id
    early, late = (modals.new_trigger(hub, hub.team, ana) for _ in range(2))
    now[0] += 2.8
    modals.check_trigger(hub, hub.team, early).used = True
    with pytest.raises(SlackError, match="exchanged_trigger_id"):
        modals.check_trigger(hub, hub.team, early)
    now[0] += 0.4
    with pytest.raises(SlackError, match="expired_trigger_id"):
        modals.check_trigger(hub, hub.team, late)
    hub.courier.close()
