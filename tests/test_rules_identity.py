"""National identity numbers are found however they are written, and nothing else is."""

import pytest
from factories import identity_number

from fitservice.rules.identity import holds_identity_number, without_identity_numbers

NINES = {
    "born": "010190124",
    "D-number": "410190123",
    "emergency number": "018190123",
    "synthetic": "310180444",
}


@pytest.mark.parametrize("nine", NINES.values(), ids=NINES)
def test_eleven_digits_with_valid_check_digits_are_found(nine):
    assert holds_identity_number(identity_number(nine))


@pytest.mark.parametrize("nine", NINES.values(), ids=NINES)
@pytest.mark.parametrize("place", [9, 10])
def test_a_wrong_check_digit_is_no_identity_number(nine, place):
    digits = list(identity_number(nine))
    digits[place] = str((int(digits[place]) + 1) % 10)
    assert not holds_identity_number("".join(digits))


D = identity_number()


@pytest.mark.parametrize(
    "text",
    [
        f"{D[:6]} {D[6:]}",
        f"{D[:6]}-{D[6:]}",
        f"{D[:6]}\u00a0{D[6:]}",
        f"{D[:2]}.{D[2:4]}.{D[4:6]}-{D[6:]}",
        f"{D[:2]}/{D[2:4]}/{D[4:6]} {D[6:]}",
        " ".join(D),
        f"{D[:6]}_{D[6:]}",
        f"{D[:6]}  {D[6:]}",
        f"{D[:6]} – {D[6:]}",
        f"{D[:6]}, {D[6:]}",
        f"{D[:2]}.{D[2:4]}.19{D[4:6]} {D[6:]}",
        f"{D[:6]}\u200b{D[6:]}",
        "".join(chr(ord("０") + int(digit)) for digit in D),
        f"Her fnr is {D}, call her",
        f"A{D}B",
        f"2022-03-01 {D}",
        f"2022-03-01 {D[:6]} {D[6:]} 2022",
        f"12345 {D[:6]} {D[6:]}",
        f"case 1 {D} and {D[::-1]}",
    ],
)
def test_it_is_found_as_people_write_it_and_inside_text(text):
    assert holds_identity_number(text)
    assert "*" * 11 in without_identity_numbers(text)
    assert D[6:] not in without_identity_numbers(text).replace(" ", "")


@pytest.mark.parametrize(
    "text",
    ["", "A-1", D[:10], f"1{D}", f"{D}1", "00000000001", "12345678901", "+47 22 86 51 00"],
)
def test_other_digits_are_left_alone(text):
    assert not holds_identity_number(text)
    assert without_identity_numbers(text) == text


def test_each_number_is_starred_out_and_the_rest_stays():
    text = f"{D} then 12345678901 then {D[:6]} {D[6:]}!"
    assert without_identity_numbers(text) == "*********** then 12345678901 then ***********!"
