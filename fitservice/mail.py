"""E-mail: a letter as it goes out, and handing letters to the mail server."""

import smtplib
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

PATIENCE = 30
"""Seconds that the mail server may take for each answer."""


@dataclass(frozen=True)
class MailServer:
    """Where e-mails are handed in, as whom, and whom they are from. Without a username nobody signs in."""

    host: str
    port: int
    sender: str
    starttls: bool = True
    username: str = ""
    password: str = ""


def letter(server: MailServer, to: str, number: int, subject: str, text: str) -> EmailMessage:
    """One letter. The same number gives the same Message-ID: a server that took it without saying so can tell."""
    message = EmailMessage()
    message["From"] = server.sender
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<fitservice-reminder-{number}@{server.sender.rpartition('@')[2]}>"
    # no holiday notes in return
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    return message


def deliver(server: MailServer, letters: Iterable[EmailMessage]) -> Iterator[str | None]:
    """Hand letters in, one after the other: for each None as soon as it is accepted, or why it was not.

    Why is the server's code or the kind of error, never its words. When the server is gone, the rest are not tried.
    """
    connection: smtplib.SMTP | None = None
    why: str | None = None
    try:
        for one in letters:
            if why is None:
                try:
                    connection = connection or _connect(server)
                    connection.send_message(one)
                except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
                    # this one is not taken; the next may be
                    yield _reason(error)
                    continue
                except (OSError, smtplib.SMTPException) as error:
                    why = _reason(error)
            yield why
    finally:
        if connection:
            _leave(connection)


def _connect(server: MailServer) -> smtplib.SMTP:
    connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.starttls:
            connection.starttls(context=ssl.create_default_context())
        if server.username:
            connection.login(server.username, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()


def _reason(error: Exception) -> str:
    """'550', or the kind of error where the server said nothing."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ", ".join(sorted({str(code) for code, _ in error.recipients.values()}))
    return str(error.smtp_code) if isinstance(error, smtplib.SMTPResponseException) else type(error).__name__
