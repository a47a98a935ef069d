"""Which kind of browser it is, in two words: enough to know one's own again, too little to follow anybody."""

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_kind(user_agent: str | None) -> str | None:
    """'Firefox, Windows', one word where the other is not known, None where neither is."""
    said = user_agent or ""
    found = (next((name for mark, name in table if mark in said), None) for table in (BROWSERS, SYSTEMS))
    return ", ".join(name for name in found if name) or None
