"""Days, numbers and texts in the reader's language; in the modules: what is said of persons, and of figures."""

import math
from datetime import date, datetime, timedelta

from flask_babel import format_date, format_datetime, format_decimal, format_percent, get_locale, gettext

from fitservice.instruments.instrument import Texts


def language() -> str:
    """The reader's language: 'nb' or 'en'."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "nb"


def in_language(texts: Texts, chosen: str | None = None) -> str:
    """An instrument's text in the reader's language, or in the one chosen for the person who is asked."""
    return texts[chosen or language()]


_ASKED_IN = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


def language_name(code: str) -> str:
    """A language by its own name."""
    return _ASKED_IN[code]


def day(value: date | str | None) -> str:
    """A date as the reader writes it: 01.03.2022; an en dash for none."""
    if value is None:
        return "–"
    known = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return format_date(known, "dd.MM.yyyy" if language() == "nb" else "d MMM yyyy")


def day_after(value: date) -> str:
    """The day after this one."""
    return day(value + timedelta(days=1))


def moment(value: str | None) -> str:
    """A moment of the store (UTC) as the reader's clock shows it: 01.03.2022 14:05; an en dash for none."""
    if value is None:
        return "–"
    pattern = "dd.MM.yyyy HH:mm" if language() == "nb" else "d MMM yyyy HH:mm"
    return format_datetime(datetime.fromisoformat(value), pattern)


def quoted(text: str) -> str:
    """Somebody's own words, in the quotation marks of the language."""
    return gettext("“%(text)s”", text=text)


def number(value: float | None, decimals: int = 1) -> str:
    """A number with the reader's decimal sign; an en dash for none."""
    if value is None:
        return "–"
    return format_decimal(value, format="#,##0" if decimals == 0 else "#,##0." + "0" * decimals)


def signed(value: float, decimals: int = 1) -> str:
    """A difference with its sign."""
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{number(abs(value), decimals)}"


def percent(value: float | None, decimals: int = 0) -> str:
    """A share as percent, whole unless more is asked for; an en dash for none."""
    if value is None:
        return "–"
    sign = "%" if language() == "en" else "\xa0%"
    return format_percent(value, format=f"#,##0.{'0' * decimals}{sign}" if decimals else None)


def whole_percent(value: float) -> int:
    """A share as whole percent, rounded down: 79.8 % is not yet 80 %, and only all is 100 %."""
    # a share such as 0.29 is a little less than 29 hundredths
    return math.floor(value * 100 + 1e-9)


def coverage_percent(value: float | None) -> str:
    """Coverage as whole percent, rounded down."""
    return percent(None if value is None else whole_percent(value) / 100)
