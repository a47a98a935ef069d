"""Recording a session: what it costs the server from the form to the result, without the chart."""

import time
from pathlib import Path

from tests.bench.browser import demo_city
from tests.bench.cities import ITEMS, TODAY, bare_route
from tests.bench.measuring import beside, in_turn, median

RUNS = 15
BAR = 40
ANSWERS = {"held_on": TODAY.isoformat(), "life_satisfaction": "5", **dict.fromkeys(ITEMS, "7,5")}


def bench_session(folder: Path) -> None:
    """The form, saving every answer, the result, and all three; each round with another service user."""
    app, amina, service_users = demo_city(folder)
    paths = [f"/service-users/{number}/sessions/new" for number in service_users]
    forms, saves = iter(paths), iter(paths)
    *steps, bare = in_turn(
        lambda: amina.ask(next(forms), 200),
        lambda: amina.ask(next(saves), 302, form=ANSWERS),
        lambda: amina.ask(amina.answer.location, 200),
        bare_route(app, time.process_time),
        runs=RUNS,
    )
    for label, seconds in zip(("form", "save", "result"), steps, strict=True):
        beside(f"session: {label}, CPU", seconds, bare)
    whole = [sum(parts) for parts in zip(*steps, strict=True)]
    beside("session: all three, CPU", whole, bare)
    print(f"    {1000 * median(whole):.1f} ms of CPU time   (bar: at most {BAR})")
