"""Handing the screen over as a page does it: begin, answer everything, look at what was recorded."""

from flask.testing import FlaskClient

from fitservice.clock import today
from fitservice.store import sessions

ITEMS = 8


def begin(client: FlaskClient, kinds: tuple[str, ...] = ("life_satisfaction", "outcome", "alliance")) -> str:
    """Hand the screen over for service user 1; the address of the hand-over."""
    answer = client.post("/service-users/1/hand-over", data={"kinds": list(kinds), "language": "nn"})
    assert answer.status_code == 302, answer.text
    return answer.location.removesuffix("/1")


def answer_all(client: FlaskClient, place: str) -> None:
    """Five for life satisfaction, eight on every line."""
    assert client.post(f"{place}/1", data={"answer": "5"}).location == f"{place}/2"
    for number in range(2, 2 + ITEMS):
        answer = client.post(f"{place}/{number}", data={"answer": "8"})
    assert answer.location == f"{place}/thanks"


def todays(db) -> list[dict]:
    """Service user 1's sessions of today."""
    return [row for row in sessions.of_service_user(db, 1) if row["held_on"] == today().isoformat()]
