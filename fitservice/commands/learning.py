"""fitservice fit-expected-course."""

import click
from flask_babel import gettext as _

from fitservice.actions.learning import Learned, fit_expected_courses
from fitservice.commands.console import command, operator, ready_db
from fitservice.installed import installed
from fitservice.rules.expected_course import LEAST_SERVICE_USERS
from fitservice.wording import in_language, number


@command("fit-expected-course")
def fit_expected_course() -> None:
    """Learn the expected course from the service's own totals, anew."""
    for learned in fit_expected_courses(ready_db(), installed(), by=operator()):
        click.echo(f"{in_language(learned.instrument.title)}: {_line(learned)}")


def _line(learned: Learned) -> str:
    if learned.fit is not None:
        return _(
            "learned from %(service_users)s service users and %(scores)s scores; the residual spread is "
            "%(spread)s points.",
            service_users=number(learned.fit.service_users, 0),
            scores=number(learned.fit.scores, 0),
            spread=number(learned.fit.spread),
        )
    if learned.service_users < LEAST_SERVICE_USERS:
        return _(
            "%(count)s of the %(least)s service users needed have three totals.",
            count=number(learned.service_users, 0),
            least=LEAST_SERVICE_USERS,
        )
    return _("nothing can be learned, because all first totals are equal.")
