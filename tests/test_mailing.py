"""E-mail about reminders, handed to a real mail server on this machine."""

import email.policy
import os
import re
import shutil
import ssl
import subprocess
from collections.abc import Iterator
from datetime import date, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from factories import ADMIN, AMINA, CARL, OPERATOR, make_cast, make_service_user, make_session
from flask import Flask
from serving import FITSERVICE, free_port
from sqlite_utils import Database

from fitservice import create_app
from fitservice.actions.enrolling import set_caseworker
from fitservice.actions.reminding import Mailed, mail_reminders, mark_read, remind
from fitservice.actions.staffing import close_staff, set_email
from fitservice.clock import set_to
from fitservice.mail import MailServer, letter
from fitservice.model import NotAllowed
from fitservice.reports.inbox import inbox
from fitservice.settings import SettingsError

DAY = timedelta(days=1)
SENT = date(2022, 6, 16)
SECRET = "Very-Secret-1"
ADDRESS = "https://fitservice.example.org"


class Postbox:
    """What a mail server took; it refuses whoever is in refused, and everything while full."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], EmailMessage]] = []
        self.refused: set[str] = set()
        self.full = False
        self.signed_in: list[LoginPassword] = []

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """A recipient is named."""
        if address in self.refused:
            return "550 kari.nordmann is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """A letter comes."""
        if self.full:
            return "452 no room for kari.nordmann"
        message: Any = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        self.letters.append((envelope.rcpt_tos, message))
        return "250 OK"

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        """Somebody signs in."""
        self.signed_in.append(data)
        return AuthResult(success=data.password == b"open sesame", handled=False)


def started(postbox: Postbox, port: int, **options: Any) -> Controller:
    """A mail server that fills the postbox; stop() ends it."""
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    return controller


@pytest.fixture
def postbox() -> Postbox:
    """An empty one."""
    return Postbox()


@pytest.fixture
def server(postbox: Postbox) -> Iterator[MailServer]:
    """Where letters are handed in."""
    controller = started(postbox, free_port())
    yield MailServer("127.0.0.1", controller.port, "fitservice@example.org", starttls=False)
    controller.stop()


@pytest.fixture
def city(app: Flask, db: Database) -> Iterator[Database]:
    """The cast with addresses; Amina and Carl are contacts of one service user each, without a score in June 2022."""
    make_cast(db)
    for reference, contact in ((SECRET, AMINA), ("A-2", CARL)):
        set_caseworker(db, make_service_user(db, reference, by=contact), contact.name, by=contact)
    make_session(db, make_service_user(db, "A-3"), date(2022, 6, 1), life_satisfaction=7)
    for actor in (AMINA, CARL):
        set_email(db, actor.staff_id or 0, f"{actor.name}@example.org", by=ADMIN)
    with app.app_context():
        yield db


def made(db: Database, day: date = SENT) -> None:
    """The messages of a day, made on it."""
    with set_to(day):
        remind(db, day, by=OPERATOR)


def sent(db: Database, server: MailServer, day: date = SENT, hour: int = 12) -> Mailed:
    """What is mailed on a day."""
    with set_to(day, hour):
        return mail_reminders(db, server, ADDRESS, by=OPERATOR)


def recipients(postbox: Postbox) -> list[list[str]]:
    """Whom letters came for, in order."""
    return [to for to, _ in postbox.letters]


def test_each_gets_one_letter_that_holds_nothing_of_a_person(city, server, postbox):
    made(city)
    assert sent(city, server) == Mailed(2, [])
    assert recipients(postbox) == [["amina@example.org"], ["carl@example.org"]]
    letter = postbox.letters[0][1]
    assert (letter["From"], letter["To"]) == ("fitservice@example.org", "amina@example.org")
    assert letter["Auto-Submitted"] == "auto-generated"
    assert re.fullmatch(r"fitservice: 1 \w+ / 1 reminder", letter["Subject"])
    text = letter.get_content()
    assert "no life-satisfaction score in 2022H1 yet." in text
    assert text.count(f"{ADDRESS}/inbox") == 2, "in both languages"
    assert SECRET not in letter.as_string() and "A-3" not in text and "Amina" not in text
    # no count and no score either: the half-year is the only number
    assert set(re.findall(r"\d+", text)) == {"2022", "1"}


def test_a_letter_names_districts_and_no_count(city, server, postbox):
    set_email(city, 4, "velferd@example.org", by=ADMIN)
    made(city, date(2022, 8, 1))
    assert sent(city, server, date(2022, 8, 1)) == Mailed(1, [])
    text = postbox.letters[0][1].get_content()
    assert "Gamle Oslo, Grünerløkka" in text and "Søndre Nordstrand." in text
    assert set(re.findall(r"\d+", text)) <= {"2022", "1", "31", "07"}


def test_what_was_accepted_is_never_sent_again(city, server, postbox):
    made(city)
    sent(city, server)
    for later in (SENT, SENT + DAY, SENT + 2 * DAY):
        assert sent(city, server, later) == Mailed(0, [])
    assert len(postbox.letters) == 2


def test_whoever_is_refused_is_tried_again_and_the_others_get_theirs(city, server, postbox):
    postbox.refused = {"amina@example.org"}
    made(city)
    assert sent(city, server) == Mailed(1, ["550"])
    assert recipients(postbox) == [["carl@example.org"]]
    assert city.execute("SELECT DISTINCT mail_error FROM reminders ORDER BY id").fetchall() == [("550",), (None,)]
    assert "kari.nordmann" not in "\n".join(city.conn.iterdump())
    postbox.refused = set()
    assert sent(city, server) == Mailed(1, [])
    assert recipients(postbox) == [["carl@example.org"], ["amina@example.org"]]
    assert city.execute("SELECT COUNT(*) FROM reminders WHERE mail_error IS NOT NULL").fetchone()[0] == 0


def test_a_server_that_is_full_is_tried_again(city, server, postbox):
    postbox.full = True
    made(city)
    assert sent(city, server) == Mailed(0, ["452", "452"])
    postbox.full = False
    assert sent(city, server) == Mailed(2, [])


def test_a_server_that_is_down_loses_nothing_and_gets_it_when_it_is_up(city, postbox):
    port = free_port()
    server = MailServer("127.0.0.1", port, "fitservice@example.org", starttls=False)
    made(city)
    assert sent(city, server) == Mailed(0, ["ConnectionRefusedError"] * 2)
    assert len(inbox(city, by=AMINA)) == len(inbox(city, by=CARL)) == 1
    controller = started(postbox, port)
    try:
        assert sent(city, server, SENT + DAY) == Mailed(2, [])
    finally:
        controller.stop()
    assert recipients(postbox) == [["amina@example.org"], ["carl@example.org"]]


def test_two_days_messages_come_in_one_letter_each_thing_once(city, postbox, server):
    down = MailServer("127.0.0.1", free_port(), "fitservice@example.org", starttls=False)
    made(city, date(2022, 6, 29))
    sent(city, down, date(2022, 6, 29))
    city.execute(
        "INSERT INTO reminders (staff_id, day, items, made_at)"
        " SELECT staff_id, '2022-06-30', items, '2022-06-30T06:00:00+00:00' FROM reminders WHERE staff_id = 1"
    )
    assert sent(city, server, date(2022, 7, 1)) == Mailed(2, [])
    assert recipients(postbox) == [["amina@example.org"], ["carl@example.org"]]
    assert all(re.search("1 reminder$", one["Subject"]) for _, one in postbox.letters)
    assert city.execute("SELECT COUNT(*) FROM reminders WHERE mailed_at IS NULL").fetchone()[0] == 0


def test_nobody_gets_two_letters_a_day(city, server, postbox):
    made(city)
    sent(city, server)
    with set_to(SENT):
        remind(city, date(2022, 6, 2), by=OPERATOR)  # a run that was missed
    assert len(inbox(city, by=AMINA)) == 2
    assert sent(city, server, hour=23) == Mailed(0, [])
    assert sent(city, server, SENT + DAY, hour=1) == Mailed(2, [])


def test_who_has_read_it_has_no_address_or_is_closed_gets_no_letter(city, server, postbox):
    made(city)
    mark_read(city, inbox(city, by=AMINA)[0]["id"], by=AMINA)
    assert sent(city, MailServer("127.0.0.1", free_port(), "a@example.org", starttls=False)).refused
    set_email(city, CARL.staff_id or 0, "", by=ADMIN)
    assert sent(city, server) == Mailed(0, [])
    set_email(city, CARL.staff_id or 0, "carl@example.org", by=ADMIN)
    close_staff(city, CARL.staff_id or 0, by=ADMIN)
    assert sent(city, server) == Mailed(0, [])
    assert postbox.letters == []


def test_messages_from_before_there_was_a_mail_server_are_not_poured_out(city, server, postbox):
    made(city)
    assert sent(city, server, SENT + 4 * DAY) == Mailed(0, [])


def test_what_a_process_left_behind_in_the_middle_is_taken_over_an_hour_later(city, server):
    made(city)
    city.execute("UPDATE reminders SET claimed_at = '2022-06-16T09:30:00+00:00'")
    assert sent(city, server, hour=12) == Mailed(0, []), "half an hour later it may still be sending"
    assert sent(city, server, hour=13) == Mailed(2, [])


def test_only_the_operator_sends(city, server, postbox):
    made(city)
    with pytest.raises(NotAllowed):
        mail_reminders(city, server, ADDRESS, by=ADMIN)
    assert postbox.letters == []


def settings(port: int) -> dict[str, str]:
    """What the environment says of the mail server."""
    known = {"HOST": "127.0.0.1", "PORT": str(port), "STARTTLS": "false"}
    mail = {f"FITSERVICE_SMTP_{name}": value for name, value in known.items()}
    return mail | {"FITSERVICE_MAIL_FROM": "fitservice@example.org", "FITSERVICE_SERVICE_ADDRESS": ADDRESS}


def command(instance: Path, port: int) -> subprocess.Popen[str]:
    """'fitservice remind' for a day that was missed, with this mail server."""
    return subprocess.Popen(
        [FITSERVICE, "remind", "--as-of", "2022-06-16"],
        env=os.environ | settings(port) | {"FITSERVICE_INSTANCE_PATH": str(instance)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_processes_at_once_send_each_letter_once(city, instance, server, postbox):
    running = [command(instance, server.port) for _ in range(3)]
    told = [process.communicate(timeout=60) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    assert sorted(recipients(postbox)) == [["amina@example.org"], ["carl@example.org"]]


def test_the_command_says_what_could_not_be_sent_and_ends_with_1(city, instance, server, postbox):
    out, error = (down := command(instance, free_port())).communicate(timeout=60)
    assert (down.returncode, out) == (1, "2 messages were made.\n0 e-mails were sent.\n")
    assert error == (
        "2 e-mails could not be sent (ConnectionRefusedError). The messages are in the inboxes, "
        "and the next run tries again.\n"
    )
    out, error = (up := command(instance, server.port)).communicate(timeout=60)
    assert (up.returncode, out, error) == (0, "0 messages were made.\n2 e-mails were sent.\n", "")


@pytest.mark.skipif(not shutil.which("openssl"), reason="NO OPENSSL ON THIS MACHINE: encrypted e-mail was not tested")
def test_behind_starttls_the_certificate_is_checked_before_the_password_is_said(city, postbox, tmp_path, monkeypatch):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    controller = started(postbox, free_port(), authenticator=postbox.authenticate, **options)
    server = MailServer("127.0.0.1", controller.port, "fitservice@example.org", username="fit", password="open sesame")
    made(city)
    try:
        assert sent(city, server) == Mailed(0, ["SSLCertVerificationError"] * 2)
        assert postbox.signed_in == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        wrong = MailServer("127.0.0.1", controller.port, "fitservice@example.org", username="fit", password="wrong")
        assert sent(city, wrong) == Mailed(0, ["535", "535"])
        assert sent(city, server) == Mailed(2, [])
    finally:
        controller.stop()
    assert postbox.signed_in[-1] == LoginPassword(b"fit", b"open sesame")


@pytest.mark.parametrize("address", ["a@b.no\r\nBcc: c@d.no", "a@b.no\nX: y"])
def test_nothing_can_be_added_to_the_head_of_a_letter(address):
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        letter(MailServer("h", 25, "fitservice@example.org"), address, 1, "s", "t")


def try_settings(app: Flask, **changed: object) -> Flask:
    """An application with a mail server, but for these settings."""
    known = {"SMTP_HOST": "mail.example.org", "MAIL_FROM": "fitservice@example.org", "SERVICE_ADDRESS": ADDRESS}
    return create_app(known | changed, app.instance_path)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"SMTP_PORT": 0}, "SMTP_PORT must be a whole number from 1 to 65535"),
        ({"SMTP_PORT": "25"}, "SMTP_PORT must be"),
        ({"SMTP_PORT": True}, "SMTP_PORT must be"),
        ({"SMTP_STARTTLS": "no"}, "SMTP_STARTTLS must be true or false"),
        ({"SMTP_HOST": 7}, "SMTP_HOST must be text"),
        ({"SMTP_USERNAME": "fit", "SMTP_PASSWORD": 123456}, "SMTP_PASSWORD must be text"),
        ({"SMTP_USERNAME": "fit"}, "SMTP_USERNAME and SMTP_PASSWORD go together"),
        ({"SMTP_PASSWORD": "open sesame"}, "SMTP_USERNAME and SMTP_PASSWORD go together"),
        ({"SMTP_USERNAME": "fit", "SMTP_PASSWORD": "x", "SMTP_STARTTLS": False}, "SMTP_USERNAME needs SMTP_STARTTLS"),
        ({"MAIL_FROM": ""}, "MAIL_FROM must be an address"),
        ({"MAIL_FROM": "fit\nBcc: a@b.no"}, "MAIL_FROM must be an address"),
        ({"SERVICE_ADDRESS": "fitservice.example.org"}, "SERVICE_ADDRESS must be an address"),
        ({"SERVICE_ADDRESS": "https://x.example.org\nhello"}, "SERVICE_ADDRESS must be an address"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(app: Flask, changed, said) -> None:
    with pytest.raises(SettingsError, match=f"^{re.escape(said)}") as refused:
        try_settings(app, **changed)
    assert "123456" not in str(refused.value) and "sesame" not in str(refused.value)


def test_without_a_mail_server_nothing_else_need_be_set(app: Flask) -> None:
    assert try_settings(app).config["SMTP_PORT"] == 587
    assert try_settings(app, SMTP_HOST="", MAIL_FROM="", SERVICE_ADDRESS="").config["SMTP_HOST"] == ""
