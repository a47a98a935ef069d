"""What is wrong with a row of the log, in plain words."""

from flask_babel import gettext as _

from fitservice.rules.chain import Broken, Fault


def broken_text(broken: Broken) -> str:
    """Which row, and what is wrong with it."""
    known = {"id": broken.id, "number": broken.number}
    texts = {
        Fault.CHANGED: _("Row %(id)s does not fit its seal: changed, or put in by somebody without the key.", **known),
        Fault.MOVED: _("Row %(id)s stands in the wrong place: it was row %(number)s.", **known),
        Fault.FOLLOWS: _("Row %(id)s does not fit either: changed too, or the seal of the row before it was.", **known),
        Fault.UNSEALED: _("Row %(id)s has no seal.", **known),
        Fault.NO_KEY: _("Row %(id)s was sealed by a key that is not here.", **known),
        Fault.OLDER: _("Row %(id)s stands before the beginning of the log: put in, or put back.", **known),
        Fault.CUT_OFF: _("Row %(id)s is gone, and its head was kept elsewhere: the last rows were removed.", **known),
        Fault.OTHER_HEAD: _("Row %(id)s is not the one whose head was kept elsewhere.", **known),
        Fault.MORE: _("After row %(id)s, %(number)s more rows do not fit.", **known),
        Fault.CHECKPOINT: _("The note that the rows up to %(id)s were trimmed does not fit its seal.", **known),
    }
    if broken.fault is not Fault.MISSING:
        return texts[broken.fault]
    if broken.id == broken.number:
        return _("Row %(id)s is missing.", **known)
    return _("Rows %(id)s to %(number)s are missing.", **known)
