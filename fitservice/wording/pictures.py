"""What is said of the city's pictures: how to read them, and what they do not say."""

from flask_babel import gettext as _
from flask_babel import ngettext

from fitservice.rules.funnel import Funnel, Standing
from fitservice.wording import percent


def standing_words(standing: Standing) -> str:
    """Where a mean lies in the funnel."""
    if standing is Standing.WITHIN:
        return _("within the limits")
    share = percent(0.95) if standing is Standing.OUTSIDE_INNER else percent(0.998, 1)
    return _("outside %(share)s", share=share)


def funnel_caption(scale: tuple[int, int], absent: int, funnel: Funnel | None) -> list[str]:
    """How to read the funnel; scale is the part of 1-7 that it shows, absent how many districts are not in it."""
    if funnel:
        words = [
            _(
                "The more service users are measured, the less a mean moves by chance. Of districts that are just "
                "like the city, 95 in 100 lie between the dashed lines and 998 in 1,000 between the dotted ones."
            ),
            _(
                "Between the lines a district is not known to differ from the city. Of fifteen districts, one often "
                "lies outside the dashed lines by chance alone. Where a district lies says nothing about how well "
                "its service works."
            ),
            _("The lines follow Spiegelhalter (2005). Names stand where there is room; all are in the table."),
        ]
    else:
        words = [_("The city's mean, or how far apart the scores lie, is not published, so no limits are drawn.")]
    if absent:
        words.append(
            ngettext(
                "%(num)s district is not drawn, because its mean is hidden or nobody was measured.",
                "%(num)s districts are not drawn, because the mean is hidden or nobody was measured.",
                absent,
            )
        )
    return words + scale_words(scale)


def scale_words(scale: tuple[int, int]) -> list[str]:
    """That a picture shows only a part of the scale 1-7, if it does."""
    if scale == (1, 7):
        return []
    return [_("The scale is 1–7; the part from %(low)s to %(high)s is shown.", low=scale[0], high=scale[1])]


def means_caption(with_city: bool, scale: tuple[int, int]) -> list[str]:
    """How to read the means over time; scale is the part of 1-7 that is shown."""
    return [
        _("Each district's mean life satisfaction by half-year."),
        *([_("The wide grey line is the mean of the whole city.")] if with_city else []),
        _(
            "A line breaks where a figure is hidden (cross) or nobody was measured (ring): nothing is filled in. "
            "Small ups and downs may be chance."
        ),
        *scale_words(scale),
    ]


def coverage_caption() -> list[str]:
    """How to read the heat map."""
    return [
        _("How many of each hundred service users have a life-satisfaction score, rounded down."),
        _("A darker cell is a higher number; a hatched one holds none, and the sign says why."),
    ]
