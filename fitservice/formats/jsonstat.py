"""JSON-stat 2.0: district × period × measure as one flat array."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from fitservice.model import Figure

Dimension = Sequence[tuple[str, str]]
"""(code, label) of each category in order."""

Cells = dict[tuple[str, str], Mapping[str, Figure]]
"""Figures by (district code, period code) and measure."""

Units = Mapping[str, tuple[str, int]]
"""(name, decimals worth showing) of each measure."""

HIDDEN = ":"


def jsonstat(
    *,
    label: str,
    source: str,
    updated: datetime,
    note: Sequence[str],
    labels: Sequence[str],
    districts: Dimension,
    periods: Dimension,
    measures: Dimension,
    units: Units,
    cells: Cells,
) -> str:
    """A dataset; labels names the three dimensions. A hidden figure is null with status ':'."""
    figures = [
        cells[district, period][measure]
        for district, _ in districts
        for period, _ in periods
        for measure, _ in measures
    ]
    unit = {code: {"label": units[code][0], "decimals": units[code][1]} for code, _ in measures}
    dimensions = {"district": districts, "period": periods, "measure": measures}
    dataset = {
        "version": "2.0",
        "class": "dataset",
        "label": label,
        "source": source,
        "updated": updated.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "note": list(note),
        "id": list(dimensions),
        "size": [len(categories) for categories in dimensions.values()],
        "role": {"geo": ["district"], "time": ["period"], "metric": ["measure"]},
        "dimension": {
            key: {
                "label": name,
                "category": {
                    "index": [code for code, _ in categories],
                    "label": dict(categories),
                }
                | ({"unit": unit} if key == "measure" else {}),
            }
            for (key, categories), name in zip(dimensions.items(), labels, strict=True)
        },
        "value": [figure.value for figure in figures],
        "status": {str(place): HIDDEN for place, figure in enumerate(figures) if figure.hidden},
    }
    return json.dumps(dataset, ensure_ascii=False)
