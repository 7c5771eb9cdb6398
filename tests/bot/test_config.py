"""The environment: every wrong or missing variable is one sentence that names it and says what to do."""

from pathlib import Path

import pytest

from bot.config import ConfigError, Settings, survey, variables
from bot.config_doc import document

ROOT = Path(__file__).resolve().parents[2]
Environ = dict[str, str]


def problems(environ: Environ) -> dict[str, str]:
    """What Settings.load has against this environment, by variable."""
    with pytest.raises(ConfigError) as caught:
        Settings.load(environ)
    return caught.value.problems


def test_the_smallest_environment_gives_the_defaults(environ: Environ) -> None:
    """Two variables are enough; the rest has defaults."""
    settings = Settings.load(environ)

    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_url == f"sqlite:///{environ['SESSIONS_DATA']}/sessions.db"
    assert (settings.host, settings.port, settings.redis_url, settings.public_url) == (
        "127.0.0.1",
        3000,
        None,
        None,
    )
    assert (settings.admins, settings.secret_keys, settings.lab) == (frozenset(), (), None)
    assert not settings.loopback_slack


def test_every_variable_is_read(environ: Environ, tmp_path: Path) -> None:
    """Each variable fills its field, in the form that the rest of the code expects."""
    settings = Settings.load(
        environ
        | {
            "SLACK_APP_TOKEN": "xapp-1-A",
            "SLACK_API_URL": "http://127.0.0.1:8080/api",
            "SESSIONS_ADMINS": " U012ABC, W034DEF ,",
            "DATABASE_URL": "postgres://me:pass@db/sessions",
            "REDIS_URL": "rediss://:pass@cache:6380/1",
            "HOST": "::1",
            "PORT": "8080",
            "PUBLIC_URL": "https://sessions.example.com/",
            "SESSIONS_SECRET_KEY": "a" * 16 + "," + "b" * 20,
            "SESSIONS_LAB": '{"clock": "http://127.0.0.1:1/clock", "speed": 0.1, "pace": "off"}',
        }
    )

    assert settings.slack_app_token == "xapp-1-A"
    assert settings.slack_api_url == "http://127.0.0.1:8080/api/"
    assert settings.loopback_slack
    assert settings.admins == {"U012ABC", "W034DEF"}
    assert settings.data == tmp_path / "data"
    assert settings.database_url == "postgres://me:pass@db/sessions"
    assert settings.redis_url == "rediss://:pass@cache:6380/1"
    assert (settings.host, settings.port) == ("::1", 8080)
    assert settings.public_url == "https://sessions.example.com"
    assert settings.secret_keys == ("a" * 16, "b" * 20)
    assert settings.lab is not None
    assert (settings.lab.speed, settings.lab.pace, settings.lab.faults) == (0.1, "off", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", ""),
        ("SLACK_BOT_TOKEN", "xoxp-a-person"),
        ("SLACK_BOT_TOKEN", "xoxb-two words"),
        ("SLACK_BOT_TOKEN", "xoxb-ünicode"),
        ("SLACK_SIGNING_SECRET", ""),
        ("SLACK_APP_TOKEN", "xoxb-not-this-one"),
        ("SLACK_API_URL", "slack.com/api"),
        ("SLACK_API_URL", "http://slack.com/api/"),
        ("SLACK_API_URL", "http://127.0.0.1.example.com/api/"),
        ("SLACK_API_URL", "https://user:pass@slack.com/api/"),
        ("SLACK_API_URL", "https://slack.com:port/api/"),
        ("SESSIONS_ADMINS", "U012ABC,@anna"),
        ("DATABASE_URL", "mysql://host/name"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://host:port"),
        ("SESSIONS_DATA", __file__),
        ("HOST", "here there"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "http"),
        ("PUBLIC_URL", "sessions.example.com"),
        ("PUBLIC_URL", "http://sessions.example.com"),
        ("SESSIONS_SECRET_KEY", "a" * 20 + ",short"),
        ("SESSIONS_LAB", '{"speed": 1}'),  # with Slack itself
    ],
)
def test_a_wrong_value_is_one_sentence_that_names_it(environ: Environ, name: str, value: str) -> None:
    """One mistake gives one sentence, on one line, with the name of its variable."""
    found = problems(environ | {name: value})

    assert list(found) == [name]
    assert name in found[name]
    assert found[name].endswith((".", ")."))
    assert "\n" not in found[name]


@pytest.mark.parametrize(
    "value", ["{", "[]", '{"speed": 0}', '{"pace": "slow"}', '{"color": "red"}', '{"speed": "fast"}']
)
def test_a_laboratory_that_cannot_be_read_is_one_sentence(environ: Environ, value: str) -> None:
    """A mistake inside the JSON is told as a mistake in the variable."""
    found = problems(environ | {"SLACK_API_URL": "http://localhost:1/", "SESSIONS_LAB": value})

    assert list(found) == ["SESSIONS_LAB"]


def test_all_problems_are_told_at_once() -> None:
    """Nobody should have to start three times to find three mistakes."""
    found = problems({"PORT": "x", "REDIS_URL": "x"})

    assert set(found) == {"SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PORT", "REDIS_URL"}


def test_a_missing_signing_secret_is_fine_in_socket_mode(environ: Environ) -> None:
    """Nothing is signed in Socket Mode."""
    del environ["SLACK_SIGNING_SECRET"]

    assert Settings.load(environ | {"SLACK_APP_TOKEN": "xapp-1"}).slack_signing_secret is None


def test_secrets_are_not_shown(environ: Environ) -> None:
    """Tokens, keys and passwords in addresses stay out of what Python prints."""
    secret = {
        "SLACK_BOT_TOKEN": "xoxb-hush",
        "SLACK_APP_TOKEN": "xapp-hush",
        "SLACK_SIGNING_SECRET": "hush-hush",
        "DATABASE_URL": "postgresql://me:hush@db/x",
        "REDIS_URL": "redis://:hush@r/0",
        "SESSIONS_SECRET_KEY": "hush" * 4,
    }
    settings = Settings.load(environ | secret)

    assert "hush" not in repr(settings)
    assert "hush" not in str(settings)


def test_a_refused_secret_is_not_repeated(environ: Environ) -> None:
    """A token pasted into the wrong variable does not end up on the screen."""
    found = problems(
        environ | {"SLACK_BOT_TOKEN": "hush", "SESSIONS_SECRET_KEY": "hush", "REDIS_URL": "hush"}
    )

    assert "hush" not in str(found)


def test_a_survey_gives_usable_settings_for_what_is_right(environ: Environ) -> None:
    """The doctor can look at the database of somebody whose token is wrong."""
    del environ["SLACK_BOT_TOKEN"]
    settings, found = survey(environ | {"PORT": "x", "SLACK_APP_TOKEN": "x", "SLACK_SIGNING_SECRET": ""})

    assert set(found) == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "PORT"}
    assert settings.database_url.endswith("/data/sessions.db")


def test_settings_depend_on_nothing_but_what_they_are_given(
    environ: Environ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A test's settings do not change with its surroundings."""
    monkeypatch.setenv("PORT", "1234")

    assert Settings.load(environ).port == 3000


def test_the_page_about_configuration_is_up_to_date() -> None:
    """`sessions config-doc > docs/configuration.md` writes it."""
    assert (ROOT / "docs" / "configuration.md").read_text("utf-8") == document()
    assert all(f"`{name}`" in document() for name in variables())


GUESTS = {
    "SMTP_URL": "smtp://me:p%40ss@mail.example.com:587",
    "MAIL_FROM": "Sessions <sessions@example.com>",
    "SMS_URL": "https://texts.example.com/send",
    "SMS_TOKEN": "a word",
    "STRIPE_API_KEY": "rk_live_abc",
    "STRIPE_WEBHOOK_SECRET": "whsec_abc",
    "STRIPE_API_URL": "http://127.0.0.1:12111",
    "PROXIES": "2",
}


def test_what_reaches_guests_is_read(environ: Environ) -> None:
    """None of it has to be there, and no secret is shown."""
    assert Settings.load(environ).smtp_url is Settings.load(environ).sms_url is None
    settings = Settings.load(environ | GUESTS)

    assert (settings.smtp_url, settings.mail_from) == (GUESTS["SMTP_URL"], GUESTS["MAIL_FROM"])
    assert (settings.sms_url, settings.sms_token) == (GUESTS["SMS_URL"], "a word")
    assert (settings.stripe_api_key, settings.stripe_webhook_secret) == ("rk_live_abc", "whsec_abc")
    assert (settings.stripe_api_url, settings.proxies) == ("http://127.0.0.1:12111/", 2)
    shown = repr(settings)
    assert not any(secret in shown for secret in ("p%40ss", "a word", "rk_live", "whsec", "texts.example"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example.com"), ("SMTP_URL", "http://mail.example.com"), ("SMTP_URL", "smtp://:25"),
        ("SMTP_URL", "smtp://mail.example.com:port"), ("MAIL_FROM", "Sessions"), ("MAIL_FROM", ""),
        ("SMS_URL", "http://texts.example.com/"), ("SMS_URL", "https://me:hush@texts.example.com/"),
        ("STRIPE_API_KEY", "pk_live_abc"), ("STRIPE_WEBHOOK_SECRET", "abc"), ("PROXIES", "-1"),
        ("STRIPE_API_URL", "http://stripe.example.com"), ("PROXIES", "ten"),
    ],
)  # fmt: skip
def test_what_reaches_guests_is_checked(environ: Environ, name: str, value: str) -> None:
    """One sentence, which names the variable and not the value."""
    ((variable, sentence),) = problems(environ | GUESTS | {name: value}).items()

    assert variable == name
    assert name in sentence
    assert "hush" not in sentence
