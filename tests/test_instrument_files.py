"""An instrument's file: what can be wrong with it, on which line, and never a trace of Python."""

import os
import random
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from licensed import ITEM, LICENSED, add_instrument, changed

from fitservice import create_app
from fitservice.complaints import problem_text
from fitservice.instruments import SHIPPED, read_instruments
from fitservice.instruments.instrument import CutOff
from fitservice.instruments.reading import read_instrument
from fitservice.model import Invalid, Kind, Problem
from fitservice.settings import SettingsError

ROOT = Path(__file__).parent.parent
SHIPPED_FOLDER = ROOT / "fitservice/instruments"


def problem_of(content: bytes | str) -> Problem:
    """What is said about a file that cannot be used."""
    with pytest.raises(Invalid) as invalid:
        read_instrument(content.encode() if isinstance(content, str) else content)
    (problem,) = invalid.value.problems
    return problem


def line_with(text: str, piece: str) -> int:
    """The number of the first line that holds this."""
    return next(number for number, line in enumerate(text.split("\n"), 1) if piece in line)


def test_a_good_file_says_what_the_instrument_is():
    found = read_instrument(LICENSED.encode())
    assert (found.key, found.kind, found.total_low, found.total_high, found.decimals) == (
        *("ors_test", Kind.OUTCOME),
        *(0, 40, 1),
    )
    assert (found.licence_number, found.valid_to, found.electronic) == ("L-1", date(2099, 12, 31), True)
    assert [item.key for item in found.items] == [item.key for item in SHIPPED["outcome"].items]
    assert found.items[2].question == {
        "nb": "Prøvespørsmål 3?",
        "nn": "Prøvespørsmål nr. 3?",
        "en": "Test question 3?",
    }
    assert found.cut_offs == (CutOff(0, 17, 28), CutOff(18, 130, 25))
    assert (found.cut_off(17), found.cut_off(18), found.cut_off(None)) == (28, 25, None)


def test_a_mark_at_the_beginning_is_no_mistake():
    assert read_instrument(b"\xef\xbb\xbf" + LICENSED.encode()).key == "ors_test"


LINES = LICENSED.split("\n")
FIRST, TITLE, CUT_OFFS = LINES[0], LINES[5], LINES[12]
HEAD, ITEMS = LICENSED.split("\n[[items]]", 1)
ITEMS = f"\n[[items]]{ITEMS}"

# What is replaced, by what, the code, and what the line that is named holds (the last such line).
FAULTY = {
    "a syntax error": ("step = 0.1", "step = = 0.1", "not_toml", "step"),
    "a bracket without end": ("cut_offs = [{", "cut_offs = [{ {", "not_toml", "cut_offs"),
    "a quotation mark without end": ('"Høyt", nn', '"Høyt, nn', "not_toml", "Høyt, nn"),
    "a key twice": ("step = 0.1", "step = 0.1\nstep = 1", "not_toml", "step = 1"),
    "endless digits": ("low = 0", f"low = {'9' * 5000}", "not_toml", "low = 9"),
    "endless brackets": ("low = 0", f"low = {'[' * 50_000}", "not_toml", "low = [["),
    "no kind": ('kind = "outcome"\n', "", "instrument_missing_key", FIRST),
    "no items": (ITEMS, "", "instrument_missing_key", FIRST),
    "an unknown key": ("step = 0.1", "steps = 0.1", "instrument_unknown_key", "steps"),
    "an unknown key in an item": ('low = { nb = "Lavt"', 'lowest = { nb = "Lavt"', "instrument_unknown_key", "lowest"),
    "an unknown table": (ITEMS, f"\n[norms]\nmean = 20\n{ITEMS}", "instrument_unknown_key", "[norms]"),
    "a number as text": ("high = 10", 'high = "10"', "instrument_number", 'high = "10"'),
    "a truth as a number": ("low = 0", "low = true", "instrument_number", "low = true"),
    "no number": ("low = 0", "low = nan", "instrument_number", "low = nan"),
    "no range": ("high = 10", "high = 0", "instrument_range", "high = 0"),
    "too large a range": ("high = 10", "high = 100", "instrument_range", "high = 100"),
    "an odd step": ("step = 0.1", "step = 0.5", "instrument_step", "step"),
    "a title that is a number": (TITLE, "title = 3", "instrument_texts", "title"),
    "a title in two languages": (', nn = "Prøveskjema"', "", "instrument_missing_key", "title"),
    "a title in four languages": ('en = "Test form"', 'en = "x", de = "x"', "instrument_unknown_key", "title"),
    "an empty text": ('"Nobody: made up for a test"', '" "', "instrument_text", "licence_holder"),
    "a text of two lines": ('"L-1"', r'"L\n1"', "instrument_text", "licence_number"),
    "a language missing": (', nn = "Prøvespørsmål nr. 3?"', "", "instrument_missing_key", "Prøvespørsmål 3?"),
    "too few items": (ITEM % {"n": 4}, "", "instrument_items", "[[items]]"),
    "an item too many": (ITEM % {"n": 4}, ITEM % {"n": 4} * 2, "instrument_items", "[[items]]"),
    "items as text": (ITEMS, 'items = "x"', "instrument_items", "items"),
    "items that are numbers": (ITEMS, "items = [1, 2, 3, 4]", "instrument_items", "items"),
    "no item at all": (ITEMS, "items = []", "instrument_items", "items"),
    "items as one table": (ITEMS, "\n[items]\nlow = 1", "instrument_items", "[items]"),
    "an unknown kind": ('"outcome"', '"income"', "instrument_choice", "income"),
    "a key in capitals": ('"ors_test"', '"ORS"', "instrument_key", "ORS"),
    "a truth in quotation marks": ("electronic = true", 'electronic = "true"', "instrument_choice", "electronic"),
    "a day in quotation marks": ("2099-12-31", '"2099-12-31"', "instrument_day", "valid_to"),
    "a moment for a day": ("2099-12-31", "2099-12-31T12:00:00", "instrument_day", "valid_to"),
    "an end before the beginning": ("2099-12-31", "2019-12-31", "instrument_valid_to", "valid_to"),
    "no change at all": ("reliable_change = 5", "reliable_change = 0", "instrument_points", "reliable_change"),
    "a cut-off outside the range": ("total = 28", "total = 41", "instrument_cut_off", "cut_offs"),
    "a cut-off at the lowest total": ("total = 28", "total = 0", "instrument_cut_off", "cut_offs"),
    "overlapping ages": ("from_age = 18", "from_age = 17", "instrument_ages", "cut_offs"),
    "ages turned round": ("{ to_age = 17,", "{ from_age = 18, to_age = 17,", "instrument_ages", "cut_offs"),
    "half an age": ("to_age = 17", "to_age = 17.5", "instrument_age", "cut_offs"),
    "cut-offs as a number": (CUT_OFFS, "cut_offs = 5", "instrument_cut_offs", "cut_offs"),
    "a cut-off that is a number": ("[{ to_age", "[5, { to_age", "instrument_cut_offs", "cut_offs"),
    "a drop where lower is better": ("step = 0.1", 'better = "lower"\nstep = 1\ndrop = 1', "instrument_turned", "drop"),
}


@pytest.mark.parametrize(("before", "after", "code", "piece"), FAULTY.values(), ids=FAULTY)
def test_what_is_wrong_is_named_with_its_line_and_has_words(app, before, after, code, piece):
    text = changed((before, after))
    problem = problem_of(text)
    assert problem.code == code
    assert problem.line == [number for number, line in enumerate(text.split("\n"), 1) if piece in line][-1]
    with app.app_context():
        assert problem_text(problem)


def test_a_file_in_another_encoding_is_named():
    assert problem_of(LICENSED.encode("utf-16")).code == "not_utf8"
    assert problem_of(LICENSED.encode("latin-1")).code == "not_utf8"


ODD = [
    *("3", "-1", "1e400", "nan", "-inf", "true", '"x"', '""', "[]", "[1]", "{}", "{a = 1}", "[[1]]", "[{}]", "0x10"),
    *("2027-01-01", "2027-13-01", "10:00:00", '"\\ud800"', "{nb = 1, nn = 2, en = 3}", "1_000", "9" * 5000, "[" * 2000),
]
HEADERS = [
    "[items]",
    "[[title]]",
    "[title]",
    "[[cut_offs]]",
    "[cut_offs]",
    "[ items . question ]",
    '["items"]',
    "[a.b]",
]
SIGNS = "\"'[]{}=\\#.,é\x00\x07\t\x0b\u2028"


def mutated(text: str, chance: random.Random) -> str:
    """The text with one to four random changes of its lines and letters."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(lines))
        line = lines[place]
        letter = chance.randrange(len(line) + 1)
        name, equals, said = line.partition("=")
        lines[place : place + 1] = chance.choice(
            [
                [],
                [line, chance.choice(lines)],
                [f"{name}= {chance.choice(ODD)}"] if equals else [],
                [f"{chance.choice(['key', 'items', 'title.nb', 'low', 'cut_offs', 'x'])} ={said}"],
                [chance.choice(HEADERS), line],
                [line[:letter] + chance.choice(SIGNS) + line[letter:]],
                [line[:letter] + line[letter + 1 :]],
            ]
        ) or [""]
    return "\n".join(lines)


def test_whatever_is_done_to_a_file_only_invalid_comes_out(app):
    chance, refused = random.Random(20261122), 0
    shipped = [(SHIPPED_FOLDER / f"{one.key}.toml").read_text("utf-8") for one in SHIPPED]
    for _ in range(2000):
        text = mutated(chance.choice([LICENSED, *shipped]), chance)
        try:
            read_instrument(text.encode())
        except Invalid as invalid:
            refused += 1
            (problem,) = invalid.problems
            assert problem.line is not None and 1 <= problem.line <= text.count("\n") + 1
            with app.app_context():
                assert problem_text(problem)
    assert 1000 < refused < 2000


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        (changed(('"ors_test"', '"outcome"')), "instrument_key_taken", 1),
        (changed(('"ors_test"', '"ors_other"')), "instrument_rival", 10),
        (changed(('"ors_test"', '"ors_old"'), ("2099-12-31", "2020-01-01")), "instrument_rival", 10),
        (changed(('"ors_test"', '"ors_old"'), ("2020-01-01", "2010-01-01"), ("2099-12-31", "2019-12-31")), None, 0),
        (changed(('"ors_test"', '"srs_test"'), ('"outcome"', '"alliance"')), None, 0),
    ],
)
def test_two_files_must_not_contradict_each_other(tmp_path, text, code, line):
    folder = add_instrument(tmp_path).parent
    path = add_instrument(tmp_path, text, "second.toml")
    if code is None:
        assert len(read_instruments(folder, SHIPPED).every) == 5
        return
    with pytest.raises(Invalid) as invalid:
        read_instruments(folder, SHIPPED)
    (problem,) = invalid.value.problems
    assert (problem.code, problem.line, problem.field) == (code, line, str(path))


def test_the_citys_own_question_cannot_be_replaced(tmp_path):
    text = (SHIPPED_FOLDER / "life_satisfaction.toml").read_text("utf-8")
    folder = add_instrument(tmp_path, text.replace('key = "life_satisfaction"', 'key = "mine"')).parent
    with pytest.raises(Invalid, match="instrument_city") as invalid:
        read_instruments(folder, SHIPPED)
    assert invalid.value.problems[0].line == line_with(text, "kind = ")


def test_a_file_that_cannot_be_used_stops_the_start(instance):
    path = add_instrument(instance, changed(("high = 10", "high = 100")))
    with pytest.raises(SettingsError) as error:
        create_app(instance_path=instance)
    assert str(error.value).startswith(f"{path}, line 4: ") and "whole numbers from 0 to 10" in str(error.value)


@pytest.mark.parametrize(
    ("language", "said"), [("nb_NO.UTF-8", "linje 4: «low» og «high»"), ("en_GB.UTF-8", "line 4: “low” and “high”")]
)
def test_the_command_line_says_file_line_and_reason(instance, language, said):
    path = add_instrument(instance, changed(("high = 10", "high = 100")))
    result = subprocess.run(
        [sys.executable, "-c", "from fitservice.commands import main; main()", "migrate"],
        env=os.environ | {"LANG": language, "LC_ALL": language, "FITSERVICE_INSTANCE_PATH": str(instance)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (result.returncode, result.stdout) == (1, "")
    assert f"{path}, {said}" in result.stderr and "Traceback" not in result.stderr


def test_the_readmes_example_is_a_good_file():
    example = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert example is not None
    head, items = example[1].split("[[items]]")
    assert read_instrument((head + f"[[items]]{items}" * 4).encode()).kind is Kind.OUTCOME


CUT_OFFS = "cut_offs = [{ to_age = 17, total = 28 }, { from_age = 18, total = 25 }]"
NORMS = "clinical_mean = 20, clinical_sd = 5, functional_mean = 30, functional_sd = 5"


@pytest.mark.parametrize(
    ("better", "cut_off", "total"),
    [
        ("higher", "criterion = 'a', clinical_mean = 20, clinical_sd = 5", 30),
        ("higher", "criterion = 'b', functional_mean = 30, functional_sd = 5", 20),
        ("higher", f"criterion = 'c', {NORMS}", 25),
        ("lower", "criterion = 'a', clinical_mean = 20, clinical_sd = 5", 10),
        ("lower", "criterion = 'b', functional_mean = 10, functional_sd = 5", 20),
    ],
)
def test_a_cut_off_may_be_said_as_a_criterion_and_norms(better, cut_off, total):
    text = changed((CUT_OFFS, f"better = '{better}'\ncut_offs = [{{ {cut_off} }}]"))
    assert read_instrument(text.encode()).cut_off(40) == total


@pytest.mark.parametrize(("sd", "reliability", "points"), [(7.5, 0.8, 9.3), (1.3, 0.59, 2.4), (5, 0, 13.9)])
def test_a_reliable_change_may_be_said_as_sd_and_reliability(sd, reliability, points):
    text = changed(("reliable_change = 5", f"sd = {sd}\nreliability = {reliability}"))
    assert read_instrument(text.encode()).reliable_change == points


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        (CUT_OFFS, "cut_offs = [{ criterion = 'a', clinical_mean = 20, clinical_sd = 0 }]", "instrument_sd"),
        (CUT_OFFS, "cut_offs = [{ criterion = 'a', clinical_mean = 20 }]", "instrument_missing_key"),
        (CUT_OFFS, "cut_offs = [{ criterion = 'd', clinical_mean = 20 }]", "instrument_choice"),
        (CUT_OFFS, "cut_offs = [{ criterion = 1 }]", "instrument_text"),
        (CUT_OFFS, f"cut_offs = [{{ criterion = 'c', total = 20, {NORMS} }}]", "instrument_two_ways"),
        (CUT_OFFS, "cut_offs = [{ criterion = 'a', clinical_mean = 39, clinical_sd = 5 }]", "instrument_cut_off"),
        ("reliable_change = 5", "sd = 5\nreliability = 0.8\nreliable_change = 5", "instrument_two_ways"),
        ("reliable_change = 5", "sd = 5\nreliability = 1", "instrument_reliability"),
        ("reliable_change = 5", "sd = 0\nreliability = 0.8", "instrument_reliability"),
    ],
)
def test_norms_that_cannot_be_used_are_named_with_their_line(before, after, code):
    text = changed((before, after))
    found = problem_of(text)
    assert (found.code, found.line) == (code, line_with(text, after.rsplit("\n", 1)[-1]))


def test_an_sd_needs_a_reliability():
    assert problem_of(changed(("reliable_change = 5", "sd = 5"))).code == "instrument_missing_key"
