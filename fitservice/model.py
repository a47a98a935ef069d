"""The words of the domain: who acts, what is recorded, what is counted, what goes wrong."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """Who someone is to the service. The last three never sign in with a password."""

    CASEWORKER = "caseworker"
    TEAM_LEAD = "team_lead"
    AGENCY_ANALYST = "agency_analyst"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    """Whoever runs the command line, by the operating system's name."""
    API_CLIENT = "api_client"
    """A program of the agency's that holds a token."""
    NOBODY = "nobody"
    """Who is not known: tried to sign in, and may do nothing."""


STAFF_ROLES = (Role.CASEWORKER, Role.TEAM_LEAD, Role.AGENCY_ANALYST, Role.ADMINISTRATOR)
DISTRICT_ROLES = (Role.CASEWORKER, Role.TEAM_LEAD)


class Scope(StrEnum):
    """What a token for the API is good for, beside the lists of districts, periods and measures."""

    FIGURES = "figures"
    GAPS = "gaps"


@dataclass(frozen=True)
class Actor:
    """Who acts. district_id is set for the roles that belong to a district, and only for them.

    scopes narrows what a token may do; None is everything that the role may.
    """

    name: str
    role: Role
    district_id: int | None = None
    staff_id: int | None = None
    address: str | None = None
    scopes: frozenset[Scope] | None = None
    once: str | None = dataclasses.field(default=None, compare=False, repr=False)
    """Which form is sent: the same one does nothing twice."""


class MissingReason(StrEnum):
    """Why there is no life-satisfaction score: four different answers."""

    DECLINED = "declined"
    NOT_ABLE = "not_able"
    NO_TIME = "no_time"
    NOT_ASKED = "not_asked"


ASKED_IN = ("nb", "nn", "en")
"""The languages in which a service user can be asked."""

OUTCOME_ITEMS = ("outcome_personal", "outcome_close", "outcome_social", "outcome_overall")
ALLIANCE_ITEMS = ("alliance_heard", "alliance_topics", "alliance_approach", "alliance_overall")


class Kind(StrEnum):
    """What an instrument asks about; which columns keep its items."""

    LIFE_SATISFACTION = "life_satisfaction"
    OUTCOME = "outcome"
    ALLIANCE = "alliance"


ITEM_COLUMNS = {
    Kind.LIFE_SATISFACTION: ("life_satisfaction",),
    Kind.OUTCOME: OUTCOME_ITEMS,
    Kind.ALLIANCE: ALLIANCE_ITEMS,
}


class Mode(StrEnum):
    """How a session was answered: told to the caseworker, on the tablet by the service user, or on paper."""

    CONVERSATION = "conversation"
    TABLET = "tablet"
    PAPER = "paper"


@dataclass(frozen=True)
class Answers:
    """What was answered in one session. Items are whole tenths (7.5 is 75), 0-100; None is unanswered.

    The last two are the keys of the instruments; where no item of theirs is answered, the shipped ones'.
    """

    life_satisfaction: int | None = None
    missing_reason: MissingReason | None = None
    life_satisfaction_1_10: int | None = None
    outcome_personal: int | None = None
    outcome_close: int | None = None
    outcome_social: int | None = None
    outcome_overall: int | None = None
    alliance_heard: int | None = None
    alliance_topics: int | None = None
    alliance_approach: int | None = None
    alliance_overall: int | None = None
    outcome_instrument: str = Kind.OUTCOME.value
    alliance_instrument: str = Kind.ALLIANCE.value

    def say_nothing(self) -> bool:
        """Whether there is neither an answer nor a reason."""
        said = {name: value for name, value in vars(self).items() if not name.endswith("_instrument")}
        return all(value is None for value in said.values())


@dataclass(frozen=True)
class Remarks:
    """What is kept beside the answers: how they were given, and one line each of note and agreed next step."""

    mode: Mode | None = None
    note: str | None = None
    next_step: str | None = None


@dataclass(frozen=True)
class Period:
    """A calendar half-year ('2022H1') or year ('2022'); both days belong to it."""

    code: str
    first_day: date
    last_day: date


class Change(StrEnum):
    """What a difference between two scores amounts to, after Jacobson & Truax 1991.

    Recovered needs a cut-off: reliably better, and across it from the clinical to the functional side.
    """

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"


class Stage(StrEnum):
    """How settled a release is; a later one of the same year is never at an earlier stage."""

    PROVISIONAL = "provisional"
    CORRECTED = "corrected"
    FINAL = "final"


SCORE_COUNTS = tuple(f"life_satisfaction_{score}" for score in range(1, 8))
MEASURES = (
    *("active_users", "measured_users", "coverage"),
    *(f"life_satisfaction_{name}" for name in ("mean", "ci_low", "ci_high", "low_share")),
    *SCORE_COUNTS,
    *(f"life_satisfaction_{name}" for name in ("paired", "change", "improved", "deteriorated")),
    *(f"outcome_{name}" for name in ("users", "mean", "paired", "change", "improved", "deteriorated")),
    *(f"alliance_{name}" for name in ("users", "mean", "low_share")),
    *("sessions", "sessions_with_life_satisfaction", "sessions_with_feedback"),
)


@dataclass(frozen=True)
class Figure:
    """One published number. value is None where there is nothing to compute or where it is hidden."""

    value: float | None
    hidden: bool = False


@dataclass(frozen=True)
class Problem:
    """One thing wrong with what came in: where, which kind, and what its sentence needs to know."""

    code: str
    field: str = ""
    line: int | None = None
    known: dict[str, str] = dataclasses.field(default_factory=dict)


class Refusal(Exception):
    """Something the service will not do; the web and the command line say why in the reader's language."""


class NotFound(Refusal):
    """It is not there, or not for this actor: strangers are told the same."""


class AccessEnded(NotFound):
    """The actor had been given access to it, and it holds no longer."""


class NotAllowed(Refusal):
    """This role may not do this act."""


class DoneAlready(Refusal):
    """The same form did it before, to this target (kind and id, or () for nothing of its own)."""

    def __init__(self, target: tuple[str, int] | tuple[()]) -> None:
        super().__init__("done already")
        self.target = target


class Invalid(Refusal):
    """What came in cannot be taken as it is; nothing was stored."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


class Duplicate(Invalid):
    """It is already recorded, as the row with this id."""

    def __init__(self, problem: Problem, existing_id: int) -> None:
        super().__init__(problem)
        self.existing_id = existing_id
