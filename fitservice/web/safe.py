"""Redirects that stay inside the service."""

from urllib.parse import urlsplit


def inside(target: str | None) -> str:
    """The path to go back to, or the front page if it could lead anywhere else."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith("//")
        or "\\" in target
        or not target.isprintable()
    ):
        return "/"
    parts = urlsplit(target)
    return "/" if parts.scheme or parts.netloc else target
