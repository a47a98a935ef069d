"""The city's three pictures: what is drawn, what is not, and that they say so; from a table alone."""

import re
import struct
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask
from pictured import (
    CITY_CELLS,
    HIDDEN,
    NAMES,
    NOTHING,
    PERIOD,
    Cells,
    all_hidden,
    answered,
    half_years,
    spread_out,
    table_of,
    with_city,
)

from fitservice.charts import heat_map as heat
from fitservice.charts.funnel import Dot
from fitservice.charts.labels import Box, placed
from fitservice.charts.plate import fit, word_width
from fitservice.charts.small_multiples import broken
from fitservice.model import Figure
from fitservice.reports.figures import Table
from fitservice.reports.half_year import key_figures
from fitservice.reports.pictures import CITY, Picture, pictures_of, shown_periods
from fitservice.reports.pictures import NAMES as PICTURES
from fitservice.rules.funnel import Funnel, Standing

LATER = date(2026, 11, 22)
MEAN = "life_satisfaction_mean"
NO_LIMITS = "The city's mean, or how far apart the scores lie, is not published, so no limits are drawn."


@pytest.fixture(autouse=True)
def _in_english(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=en"):
        yield


def named(table: Table, name: str, as_of: date = LATER) -> Picture:
    """One of the three pictures of the table's latest period."""
    return pictures_of(table, table.periods[-1], as_of)[PICTURES.index(name)]


def svg(picture: Picture) -> bytes:
    """The picture as SVG."""
    return picture.draw(*picture.arguments, "svg")


def written(picture: Picture) -> list[str]:
    """Every text in the drawing."""
    found = ElementTree.fromstring(svg(picture)).iter("{http://www.w3.org/2000/svg}text")
    return ["".join(element.itertext()) for element in found]


def width_and_height(drawing: bytes) -> tuple[float, float]:
    """Of an SVG, in points."""
    box = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawing)
    assert box
    return float(box[1]), float(box[2])


def lines_of_text(drawing: bytes) -> Iterator[tuple[float, float, float]]:
    """Left and right end and baseline of each text, in points."""
    for element in ElementTree.fromstring(drawing).iter("{http://www.w3.org/2000/svg}text"):
        size = re.search(r"font-size: ([\d.]+)px", element.attrib["style"])
        anchor = re.search(r"text-anchor: (\w+)", element.attrib["style"])
        assert size and anchor
        long = word_width("".join(element.itertext()), float(size[1]))
        left = float(element.attrib["x"]) - {"start": 0, "middle": 0.5, "end": 1}[anchor[1]] * long
        yield left, left + long, float(element.attrib["y"])


CITY_TABLE = with_city(table_of(spread_out()), CITY_CELLS)


def test_the_funnel_draws_whoever_is_published_and_says_how_many_are_not() -> None:
    picture = named(CITY_TABLE, "funnel")
    dots = picture.arguments[0]
    assert isinstance(dots, tuple) and len(dots) == 12
    assert "3 districts are not drawn, because the mean is hidden or nobody was measured." in picture.caption
    assert picture.rows[5][:3] == ["Ullern", ":", ":"]
    assert picture.rows[8][:3] == ["Bjerke", "0", "–"]
    assert not {"Ullern", "Vestre Aker", "Bjerke"} & set(written(picture))


def test_the_funnel_says_in_words_and_by_shape_who_lies_outside() -> None:
    picture = named(CITY_TABLE, "funnel")
    standings = {dot.name: dot.standing for dot in picture.arguments[0]}  # type: ignore[attr-defined]
    assert standings.pop("St. Hanshaugen") is Standing.OUTSIDE_OUTER
    assert set(standings.values()) == {Standing.WITHIN}
    assert {"St. Hanshaugen", "outside 99.8%", "The city 4.0", "95%", "99.8%"} <= set(written(picture))
    assert [row[4] for row in picture.rows].count("outside 99.8%") == 1
    # one colour for all, another mark for the one outside
    drawing = svg(picture).decode()
    fills = re.findall(r'<use [^>]*style="fill: (#\w+)', drawing)
    assert set(fills) == {"#2a2859"} and len(set(re.findall(r'<use xlink:href="(#\w+)"', drawing))) == 2


def test_districts_stand_in_the_order_of_their_codes_never_of_their_means() -> None:
    for name in PICTURES:
        rows = [row[0] for row in named(CITY_TABLE, name).rows]
        assert rows[:15] == list(NAMES)


def test_the_funnels_limits_come_from_the_citys_mean_and_its_published_scores() -> None:
    """As narrow as the districts' own intervals are, the spread is that of everybody in the city."""
    picture = named(with_city(table_of([answered(*[3, 4, 5] * 9)] * 3), CITY_CELLS), "funnel")
    funnel = picture.arguments[1]
    assert isinstance(funnel, Funnel) and funnel.mean == 4
    assert funnel.spread == pytest.approx((500 * 2 / 499) ** 0.5)
    # 4 ± 1.96 · 1.4156 / √27
    assert picture.rows[0][3:] == ["3.5–4.5", "within the limits"]


@pytest.mark.parametrize("score", [1, 4])
def test_with_one_of_the_citys_scores_hidden_the_spread_is_pooled_from_the_districts_intervals(score: int) -> None:
    city = CITY_CELLS | {f"life_satisfaction_{score}": HIDDEN}
    picture = named(with_city(table_of([answered(*[2, 3, 4, 5, 6] * 5)] * 3), city), "funnel")
    funnel = picture.arguments[1]
    assert isinstance(funnel, Funnel) and funnel.mean == 4
    assert funnel.spread == pytest.approx((25 * 2 / 24) ** 0.5)
    assert picture.rows[0][3:] == ["3.4–4.6", "within the limits"]


def test_without_scores_and_without_intervals_there_are_no_limits() -> None:
    """A release may show means and hide all that a spread could be worked out from."""
    unknown = dict.fromkeys(("life_satisfaction_4", "life_satisfaction_ci_low", "life_satisfaction_ci_high"), HIDDEN)
    rows = [answered(*[2, 3, 4, 5, 6] * 5) | unknown] * 3
    picture = named(with_city(table_of(rows), CITY_CELLS | unknown), "funnel")
    assert picture.arguments[1] is None and picture.arguments[2] == (1, 7)
    assert picture.caption[0] == NO_LIMITS
    assert len(picture.arguments[0]) == 3 and len(picture.header) == 3  # type: ignore[arg-type]


@pytest.mark.parametrize("city", [None, all_hidden(), answered(active=3)])
def test_without_a_mean_of_the_city_there_are_no_limits_and_the_whole_scale(city: Cells | None) -> None:
    table = table_of(spread_out())
    picture = named(with_city(table, city) if city else table, "funnel")
    assert picture.arguments[1] is None and picture.arguments[2] == (1, 7)
    assert picture.caption[0] == NO_LIMITS
    assert not any("outside" in text or "city" in text for text in written(picture))
    assert len(picture.header) == 3 and {len(row) for row in picture.rows} == {3}


def test_a_city_among_the_districts_is_no_district() -> None:
    """A release may list the city beside the districts."""
    table = replace(CITY_TABLE, districts=[*CITY_TABLE.districts, {"code": CITY, "name": "Oslo"}])
    for name in PICTURES:
        assert svg(named(table, name)) == svg(named(CITY_TABLE, name))


def test_hidden_figures_break_a_line_and_are_marked() -> None:
    table = table_of([CITY_CELLS], half_years(5))
    code = table.districts[0]["code"]
    for period, figure in zip(table.periods[1:3], (HIDDEN, NOTHING), strict=True):
        table.figures[code, period.code] = table.figures[code, period.code] | {MEAN: figure}
    picture = named(table, "means")
    assert picture.rows == [["Gamle Oslo", "4.0", ":", "–", "4.0", "4.0"]]
    marks = re.findall(r'<use xlink:href="#(\w+)"', svg(picture).decode())
    # three points, one cross and one ring, and these two again in the legend
    assert len(marks) == 3 + 2 + 2 and len(set(marks)) == 3


def test_a_line_is_never_drawn_across_what_is_not_there() -> None:
    assert broken([None, (1, 1), (2, 2), None, None, (5, 5), None]) == [[(1, 1), (2, 2)], [(5, 5)]]
    assert broken([None, None]) == []


def test_the_city_stands_behind_each_district_only_if_the_table_holds_it() -> None:
    periods = half_years(4)
    alone = table_of([CITY_CELLS] * 15, periods)
    assert "The city" not in written(named(alone, "means"))
    assert "The city" in written(named(with_city(alone, CITY_CELLS), "means"))
    assert written(named(with_city(alone, CITY_CELLS), "coverage")).count("The city") == 1


def test_each_cell_of_the_heat_map_says_its_coverage_or_why_there_is_none() -> None:
    rows = [answered(*[4] * 8, active=10), answered(4, 5, active=10), answered(active=12), answered(active=0)]
    picture = named(table_of(rows), "coverage")
    assert [row[1] for row in picture.rows] == ["80%", ":", "0%", "–"]
    cells = [cell for (cell,) in picture.arguments[2]]  # type: ignore[attr-defined]
    kinds = [heat.Kind.SHARE, heat.Kind.HIDDEN, heat.Kind.EMPTY, heat.Kind.NOBODY]
    assert [(cell.kind, cell.text) for cell in cells] == list(zip(kinds, ("80", ":", "0", "–"), strict=True))
    assert {"80", ":", "0", "–", ": hidden", "0 nobody measured", "– no service users"} <= set(written(picture))


def test_coverage_is_rounded_down_in_the_heat_map_too() -> None:
    assert "79" in written(named(table_of([answered(*[4] * 399, active=500)]), "coverage"))


def test_the_hatches_differ_and_stay_inside_their_cell() -> None:
    box = [(0.0, 0.0), (24.0, 0.0), (24.0, 18.0), (0.0, 18.0)]
    patterns = [heat.hatch(kind, box) for kind in (heat.Kind.HIDDEN, heat.Kind.EMPTY, heat.Kind.NOBODY)]
    assert len({str(pattern) for pattern in patterns}) == 3
    for x, y in (place for pattern in patterns for line in pattern for place in line):
        assert -1e-9 <= x <= 24 + 1e-9 and -1e-9 <= y <= 18 + 1e-9


@pytest.mark.parametrize(
    "table",
    [
        table_of([answered(active=0)] * 15),
        table_of([all_hidden()] * 15),
        with_city(table_of([all_hidden()] * 15), all_hidden()),
        with_city(table_of([answered(*[4] * 30)] * 15), answered(*[4] * 450)),
        with_city(table_of([CITY_CELLS]), CITY_CELLS),
        with_city(table_of(spread_out(), half_years(20)), CITY_CELLS),
        table_of([CITY_CELLS] * 3, names=["Bydel " + "langtnavn" * 8, "ÆØÅ æøå & <b>", "$x$ % {nb}"]),
        with_city(table_of([answered(*[7] * 40), answered(*[1] * 40)]), answered(*[1, 7] * 40)),
        table_of([]),
    ],
    ids=[
        "empty",
        "hidden",
        "all-hidden",
        "all-alike",
        "one-district",
        "twenty-periods",
        "names",
        "edges",
        "no-districts",
    ],
)
@pytest.mark.parametrize("name", PICTURES)
def test_every_table_can_be_drawn_in_every_form(table: Table, name: str) -> None:
    picture = named(table, name)
    width, height = width_and_height(svg(picture))
    across, down = struct.unpack(">II", picture.draw(*picture.arguments, "png")[16:24])
    assert across >= 800 and across / down == pytest.approx(width / height, rel=0.02)
    assert b"<text" not in picture.draw(*picture.arguments, "outlines")
    for left, right, y in lines_of_text(svg(picture)):
        assert left >= -0.5 and right <= width + 0.5 and 0 <= y <= height


@pytest.mark.parametrize("name", PICTURES)
def test_letters_are_readable_on_a_phone(name: str) -> None:
    """On a page 360 px wide a picture has 336: no letter under 10 px there, up to the most half-years shown."""
    drawing = svg(named(with_city(table_of(spread_out(), half_years(8)), CITY_CELLS), name))
    sizes = [float(size) for size in re.findall(rb"font-size: ([\d.]+)px", drawing)]
    assert min(sizes) * 336 / width_and_height(drawing)[0] >= 10


def test_a_running_half_year_is_said_to_be_one() -> None:
    running = "2022H1 is not over yet: these are the figures so far."
    for picture in pictures_of(CITY_TABLE, PERIOD, date(2022, 6, 30)):
        assert running in picture.caption
    for picture in pictures_of(CITY_TABLE, PERIOD, date(2022, 7, 1)):
        assert running not in picture.caption


def test_names_as_they_are_typed_reach_the_drawing() -> None:
    table = table_of([CITY_CELLS] * 2, names=["Ærfugløya & <Å>", "$x$"])
    for name in ("means", "coverage"):
        assert {"Ærfugløya & <Å>", "$x$"} <= set(written(named(table, name)))


def test_a_long_name_is_cut_to_fit() -> None:
    short = fit("Bydelen med et overmåte langt navn", 90, 9.5)
    assert short.endswith("…") and word_width(short, 9.5) <= 90
    assert fit("Alna", 90, 9.5) == "Alna"


def test_labels_never_touch_each_other_a_point_or_the_edge() -> None:
    points = [(20.0 + 9 * (number % 5), 20.0 + 7 * (number // 5)) for number in range(15)]
    room = Box(0, 0, 200, 120)
    boxes = [box for box in placed(points, [(40.0, 10.0)] * 15, room, 5) if box]
    assert boxes and all(box.inside(room) for box in boxes)
    assert not any(one.touches(other) for one in boxes for other in boxes if one is not other)
    assert not any(box.left < x < box.right and box.low < y < box.high for box in boxes for x, y in points)


def test_a_label_that_a_line_would_cross_goes_elsewhere_if_it_can() -> None:
    (box,) = placed([(50, 50)], [(30, 10)], Box(0, 0, 100, 100), 5, lambda box: box.left > 50)
    assert box and box.left <= 50
    (crossed,) = placed([(50, 50)], [(30, 10)], Box(0, 0, 100, 100), 5, lambda box: True)
    assert crossed


def test_the_same_picture_is_drawn_once() -> None:
    picture = named(CITY_TABLE, "funnel")
    assert svg(picture) is svg(named(CITY_TABLE, "funnel"))


def test_pictures_hold_at_most_eight_half_years_up_to_the_one_chosen() -> None:
    known = half_years(12)[::-1]
    assert [period.code for period in shown_periods(known, known[2])] == [
        *("2017H2", "2018H1", "2018H2", "2019H1", "2019H2", "2020H1", "2020H2", "2021H1")
    ]
    assert shown_periods(known, known[-1]) == [known[-1]]
    assert shown_periods([], PERIOD) == [PERIOD]


def test_key_figures_are_those_of_the_table() -> None:
    header, rows = key_figures(CITY_TABLE, PERIOD.code)
    assert header == ["District", "Service users", "Measured", "Coverage", "Mean", "Interval", "Sessions"]
    assert rows[0] == ["Gamle Oslo", "10", "10", "100%", "4.0", "2.9–5.1", "10"]
    assert rows[5] == ["Ullern", ":", ":", ":", ":", ":", ":"]
    assert rows[-1][:2] == ["The city", "500"]
    assert len(rows) == 16


def test_a_dot_and_a_figure_are_told_alike_every_time() -> None:
    """ETags are made of them."""
    assert repr(Dot("Alna", 5, 4.0, Standing.WITHIN, "")) == repr(Dot("Alna", 5, 4.0, Standing.WITHIN, ""))
    assert repr(Figure(1.0)) == "Figure(value=1.0, hidden=False)"
