"""QR codes as SVG."""

import io

import segno


def qr_code(text: str) -> str:
    """A square with the text, black on white with its quiet zone, to be shown as a picture."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", scale=5, light="white", xmldecl=False)
    return out.getvalue().decode()
