"""What reminders say: on the page in the reader's language, in an e-mail in both."""

from collections.abc import Callable, Mapping, Sequence

from flask_babel import force_locale, gettext, ngettext

from fitservice.reporting import GapKind, Reminder, ReminderKind
from fitservice.wording import day
from fitservice.wording.reporting import gap_name, next_step


def reminder_text(reminder: Reminder) -> str:
    """One plain sentence or two. Where there are districts it ends in a colon, and their names follow."""
    return _SENTENCES[reminder.kind](reminder)


def mail_subject(reminders: Sequence[Reminder]) -> str:
    """How many there are, and nothing of what they say."""
    count = len(reminders)
    counted = [_in(tongue, lambda: ngettext("%(num)s reminder", "%(num)s reminders", count)) for tongue in _TONGUES]
    return f"fitservice: {' / '.join(counted)}"


def mail_text(reminders: Sequence[Reminder], names: Mapping[str, str], address: str) -> str:
    """The e-mail in Norwegian and, below, in English; how many service users it is about is said in the service only.

    names are the districts', by code; address is where the reader signs in.
    """
    return "\n--\n\n".join(_in(tongue, lambda: _letter(reminders, names, address)) for tongue in _TONGUES)


def reminder_in_brief(reminder: Reminder, names: Mapping[str, str]) -> str:
    """What others than its reader may see of a reminder: without the number, with the districts' names."""
    if reminder.kind is ReminderKind.WITHOUT_SCORE:
        return gettext(
            "Some of the service users whose contact you are have no life-satisfaction score in %(period)s yet.",
            period=reminder.period,
        )
    if reminder.districts:
        return f"{reminder_text(reminder)} {', '.join(names[code] for code in reminder.districts)}."
    return reminder_text(reminder)


_TONGUES = ("nb", "en_GB")


def _in(tongue: str, say: Callable[[], str]) -> str:
    with force_locale(tongue):
        return say()


def _letter(reminders: Sequence[Reminder], names: Mapping[str, str], address: str) -> str:
    lines = [
        gettext("fitservice reminds you of this:"),
        "",
        *(f"- {reminder_in_brief(reminder, names)}" for reminder in reminders),
        "",
        gettext("Sign in to see more, and where to do something about it:"),
        f"{address.rstrip('/')}/inbox",
        "",
    ]
    return "\n".join(lines)


def _without_score(reminder: Reminder) -> str:
    return ngettext(
        "%(num)s of the service users whose contact you are has no life-satisfaction score in %(period)s yet. "
        "The half-year ends on %(day)s.",
        "%(num)s of the service users whose contact you are have no life-satisfaction score in %(period)s yet. "
        "The half-year ends on %(day)s.",
        reminder.number or 0,
        period=reminder.period,
        day=day(reminder.day),
    )


def _gap(reminder: Reminder) -> str:
    assert reminder.gap  # noqa: S101 - one of a gap names it
    name, step = gap_name(reminder.gap), next_step(reminder.gap)
    if reminder.gap is GapKind.BEHIND_PACE:  # a pace has no day on which it began
        return gettext("%(period)s: “%(gap)s”. %(step)s", period=reminder.period, gap=name, step=step)
    return gettext("%(period)s: “%(gap)s” since %(day)s. %(step)s", gap=name, step=step, **_about(reminder))


def _expected_passed(reminder: Reminder) -> str:
    assert reminder.gap  # noqa: S101
    return gettext(
        "%(period)s: “%(gap)s” was expected to be in order by %(day)s, and is not yet.",
        gap=gap_name(reminder.gap),
        **_about(reminder),
    )


def _about(reminder: Reminder) -> dict[str, str]:
    return {"period": reminder.period, "day": day(reminder.day)}


_SENTENCES: Mapping[ReminderKind, Callable[[Reminder], str]] = {
    ReminderKind.WITHOUT_SCORE: _without_score,
    ReminderKind.SIGN_OFF_DUE: lambda one: gettext(
        "%(period)s is not signed off. The deadline is %(day)s.", **_about(one)
    ),
    ReminderKind.SIGN_OFF_OVERDUE: lambda one: gettext(
        "%(period)s is not signed off. The deadline was %(day)s.", **_about(one)
    ),
    ReminderKind.RETURNED: lambda one: gettext(
        "The agency has returned the sign-off of %(period)s. Sign off again by %(day)s.", **_about(one)
    ),
    ReminderKind.REOPENED: lambda one: gettext(
        "The agency has opened %(period)s again. It can be signed off until %(day)s.", **_about(one)
    ),
    ReminderKind.LEAVE_ENDS: lambda one: gettext(
        "%(period)s is not signed off. The agency has opened it until %(day)s.", **_about(one)
    ),
    ReminderKind.GAP: _gap,
    ReminderKind.EXPECTED_PASSED: _expected_passed,
    ReminderKind.NOT_SIGNED: lambda one: gettext(
        "The deadline for %(period)s was %(day)s. These districts have not signed off:", **_about(one)
    ),
    ReminderKind.LOCKED_UNSIGNED: lambda one: gettext(
        "%(period)s could be signed off until %(day)s and is locked now. These districts have not signed off:",
        **_about(one),
    ),
    ReminderKind.NOT_ACCEPTED: lambda one: gettext(
        "%(period)s was signed off on %(day)s. These sign-offs are neither accepted nor returned:", **_about(one)
    ),
    ReminderKind.REVIEW_ACCESS: lambda one: gettext(
        "Nobody has looked through who can see what since %(day)s. It should be done every six months.",
        day=day(one.day),
    ),
}
