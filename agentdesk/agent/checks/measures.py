"""Measures of things: capacities, lengths, weights, as options and articles name them."""

from __future__ import annotations

import re

MEASURE = re.compile(
    r"(?<![\w.,$€£#-])(?P<number>\d+(?:[.,]\d+)?)[\s-]?(?P<unit>GB|TB|MB|ml|cl|litres?|liters?|l|cm|mm|km|metres?|meters?|m|kg|"
    r"grams?|g|oz|lbs?|inch(?:es)?|ft|watts?|W|volts?|V|mAh|lm|Hz)\b(?![’'])",
)
SHORT = {
    "litre": "l", "litres": "l", "liter": "l", "liters": "l", "metre": "m", "metres": "m", "meter": "m", "meters": "m",
    "gram": "g", "grams": "g", "watt": "w", "watts": "w", "volt": "v", "volts": "v", "inches": "inch", "lbs": "lb",
}  # fmt: skip


def normal_measure(match: re.Match[str]) -> str:
    """A measure as it is compared."""
    unit = match["unit"].lower()
    return match["number"].replace(",", ".") + SHORT.get(unit, unit)
