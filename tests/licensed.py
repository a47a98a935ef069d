"""An instrument's file as a licence holder would add it: made-up words, an invented licence."""

from pathlib import Path

ITEM = """
[[items]]
question = { nb = "Prøvespørsmål %(n)s?", nn = "Prøvespørsmål nr. %(n)s?", en = "Test question %(n)s?" }
low = { nb = "Lavt", nn = "Lågt", en = "Low" }
high = { nb = "Høyt", nn = "Høgt", en = "High" }
"""

LICENSED = """\
key = "ors_test"
kind = "outcome"
low = 0
high = 10
step = 0.1
title = { nb = "Prøveskjema", nn = "Prøveskjema", en = "Test form" }
licence_holder = "Nobody: made up for a test"
licence_number = "L-1"
valid_from = 2020-01-01
valid_to = 2099-12-31
electronic = true
reliable_change = 5
cut_offs = [{ to_age = 17, total = 28 }, { from_age = 18, total = 25 }]
""" + "".join(ITEM % {"n": n} for n in range(1, 5))


def changed(*pairs: tuple[str, str]) -> str:
    """The file with one piece of text after another replaced; each must be there."""
    text = LICENSED
    for before, after in pairs:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text


def add_instrument(instance: Path, text: str = LICENSED, name: str = "ors_test.toml") -> Path:
    """Put the file where an installation's own instruments lie."""
    folder = instance / "instruments"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name
