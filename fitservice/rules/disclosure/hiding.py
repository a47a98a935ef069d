"""Which counts of a table are hidden: what gives a small one away by sums, or leaves it too little room."""

from collections.abc import Callable, Collection

from fitservice.rules.disclosure.suppression import Rule, suppress
from fitservice.rules.disclosure.walk import Rows
from fitservice.rules.disclosure.widening import Known, Widening


def hide(
    known: Known,
    small: Collection[Rows],
    rule: Rule,
    *,
    published_before: Collection[Rows] = (),
    hidden_before: Collection[Rows] = (),
) -> Widening:
    """The outcome of suppression and widening: every hidden count has room for more than rule.small_count.

    Two ways are tried, and the one that hides less is taken: suppression first, then room for what it hides; or room
    for the small counts first, then what suppression adds. Neither is always the better one.
    """
    columns = {rows: rows for rows in [*known.cells, *published_before]}
    zero_sums = [dict(fact.weights) for fact in known.facts if fact.low == fact.high == 0]

    def suppressed(hidden: Collection[Rows]) -> set[Rows]:
        return suppress(
            columns,
            known.counts,
            hidden,
            rule,
            published_before=published_before,
            hidden_before=hidden_before,
            zero_sums=zero_sums,
        )

    start = {*small, *hidden_before}
    return min(
        _settled(known, suppressed(start), suppressed, rule),
        _settled(known, start, suppressed, rule),
        key=lambda one: len(one.hidden) + len(one.withheld),
    )


def _settled(
    known: Known, hidden: Collection[Rows], suppressed: Callable[[Collection[Rows]], set[Rows]], rule: Rule
) -> Widening:
    """Widen until suppression has nothing to add."""
    while True:
        widening = Widening(known, hidden, rule.small_count + 1)
        widening.widen()
        hidden = suppressed(list(widening.hidden))
        if hidden <= widening.hidden.keys():
            return widening
