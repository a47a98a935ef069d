"""A plate to draw many small things on: what looks alike is one path, and all words are one artist.

Fifteen subplots took 376 ms where one plate takes 20, and a matplotlib text of its own for each cell twice the time.
"""

import io
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

from fitservice.charts import DARK

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.backend_bases import RendererBase
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

Point = tuple[float, float]
Align = Literal["left", "center", "right"]
Form = Literal["svg", "png", "outlines"]
"""SVG with its letters as text, PNG, or SVG with its letters as shapes: so a PDF takes it."""

SHARP = 200
"""Dots per inch of a PNG: 800 across."""
CENTRED = 0.36
"""How far below the middle of a line its letters stand, as a share of their size."""
_FAMILY = ("DejaVu Sans", "Verdana", "Arial", "Helvetica")


class Word(NamedTuple):
    """A text at a place: the beginning, middle or end of its baseline, by its alignment. Size in points."""

    x: float
    y: float
    text: str
    size: float
    align: Align = "left"
    colour: str = DARK
    bold: bool = False


class Plate:
    """width × height points; every place is in points from the lower left corner."""

    def __init__(self, width: float, height: float) -> None:
        import matplotlib  # loading it takes 0.6 s: only a process that draws pays
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        matplotlib.rcParams["svg.hashsalt"] = "fitservice"
        self._figure = Figure(figsize=(width / 72, height / 72))
        self._points = Affine2D().scale(1 / 72) + self._figure.dpi_scale_trans
        self._words: list[Word] = []

    def lines(
        self, lines: Sequence[Sequence[Point]], colour: str, width: float = 1, dashes: Sequence[float] | None = None
    ) -> None:
        """Lines through their points, drawn as one; dashes are lengths on and off in line widths."""
        style: Any = (0, dashes) if dashes else "solid"
        kept = [line for line in lines if len(line) > 1]
        self._path(kept, edgecolor=colour, linewidth=width, linestyle=style, fill=False, capstyle="butt")

    def shapes(self, outlines: Sequence[Sequence[Point]], fill: str, edge: str = "none", width: float = 0.8) -> None:
        """Closed shapes, drawn as one."""
        closed = [[*outline, outline[0]] for outline in outlines]
        self._path(closed, facecolor=fill, edgecolor=edge, linewidth=width)

    def _path(self, lines: Sequence[Sequence[Point]], **style: Any) -> None:
        from matplotlib.patches import PathPatch
        from matplotlib.path import Path

        if lines:
            codes = [Path.LINETO if place else Path.MOVETO for line in lines for place in range(len(line))]
            self._add(PathPatch(Path([point for line in lines for point in line], codes), **style))

    def marks(self, places: Sequence[Point], marker: str, size: float, *, fill: str, edge: str) -> None:
        """The same mark, so many points across, at each place."""
        from matplotlib.lines import Line2D

        if places:
            across, up = zip(*places, strict=True)
            kind: Any = {"linestyle": "none", "markeredgewidth": 1.2}
            self._add(Line2D(across, up, marker=marker, markersize=size, mfc=fill, mec=edge, **kind))

    def word(self, word: Word) -> None:
        """One text; all are drawn last, on top."""
        self._words.append(word)

    def _add(self, artist: "Artist") -> None:
        artist.set_transform(self._points)
        artist.set_zorder(len(self._figure.artists) + len(self._figure.patches) + len(self._figure.lines))
        self._figure.add_artist(artist)

    def drawn(self, form: Form) -> bytes:
        """What stands on the plate, as a file."""
        import matplotlib

        self._figure.add_artist(_lettering(self._words, self._figure))
        file = io.BytesIO()
        with matplotlib.rc_context(
            {"svg.fonttype": "path" if form == "outlines" else "none", "font.sans-serif": _FAMILY}
        ):
            if form == "png":
                self._figure.savefig(file, format="png", dpi=SHARP, facecolor="white", metadata={"Software": None})
            else:
                self._figure.savefig(file, format="svg", transparent=True, metadata=dict.fromkeys(_METADATA))
        return file.getvalue()


# none of it: the date would make every drawing another one, and who reads the SVG for a PDF complains of the rest
_METADATA = ("Date", "Creator", "Format", "Type")


def word_width(text: str, size: float, *, bold: bool = False) -> float:
    """Points that a text takes in the charts' own typeface."""
    return _width(text, bold) * size / 100


def fit(name: str, most: float, size: float) -> str:
    """The name, or as much of it as takes at most so many points, with an ellipsis."""
    if word_width(name, size) <= most:
        return name
    cut = next((end for end in range(len(name) - 1, 0, -1) if word_width(f"{name[:end]}…", size) <= most), 1)
    return f"{name[:cut].rstrip()}…"


@cache
def _font(size: float, bold: bool) -> "FontProperties":
    from matplotlib.font_manager import FontProperties

    return FontProperties(family="sans-serif", size=size, weight="bold" if bold else "normal")


@cache
def _width(text: str, bold: bool) -> float:
    """At 100 points."""
    from matplotlib.textpath import text_to_path

    return float(text_to_path.get_text_width_height_descent(text, _font(100, bold), False)[0])


_BEFORE: dict[Align, float] = {"left": 0, "center": 0.5, "right": 1}


def _lettering(words: Sequence[Word], figure: "Figure") -> "Artist":
    """All words as one artist: it hands them to the renderer itself, without laying out each as a text of its own."""
    from matplotlib.artist import Artist
    from matplotlib.text import Text
    from matplotlib.transforms import IdentityTransform

    class Lettering(Artist):
        zorder = 10_000

        def draw(self, renderer: "RendererBase") -> None:
            # an SVG is told the alignment, since its reader may have another typeface
            anchor = Text(transform=IdentityTransform(), figure=figure)
            scale = cast(float, renderer.points_to_pixels(1))
            _, height = renderer.get_canvas_width_height()
            style = renderer.new_gc()
            for word in words:
                x, y = word.x * scale, word.y * scale
                start = x - _BEFORE[word.align] * word_width(word.text, word.size, bold=word.bold) * scale
                anchor.set(position=(x, y), horizontalalignment=word.align)
                style.set_foreground(word.colour)
                upside = height - y if renderer.flipy() else y
                renderer.draw_text(style, start, upside, word.text, _font(word.size, word.bold), 0, False, anchor)
            style.restore()

    return Lettering()
