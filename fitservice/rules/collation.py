"""The order of references and names in lists: Norwegian, whatever the case."""

import unicodedata

# the three ASCII signs after z take the places of the three letters after z
_AFTER_Z = str.maketrans("æäøöå", "{{||}")


def collation_key(text: str) -> tuple[str, str]:
    """What a text is sorted by: æ, ø, å after z, ä as æ, ö as ø, other accents and case only between equals.

    Two texts have the same key only if they are the same text, so that an order is always the same.
    """
    letters = unicodedata.normalize("NFC", text).casefold().translate(_AFTER_Z)
    plain = "".join(sign for sign in unicodedata.normalize("NFD", letters) if not unicodedata.combining(sign))
    return plain, text


def compare(one: str, other: str) -> int:
    """-1, 0 or 1 as the one text comes before, is, or comes after the other."""
    key, other_key = collation_key(one), collation_key(other)
    return (key > other_key) - (key < other_key)
