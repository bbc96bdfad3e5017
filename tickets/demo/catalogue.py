"""What the demo shop sells: forty products for home and outdoors, each with a few options to choose from.

A line is name | base price | options; an option is `label: value, value +surcharge, ...`.
"""

from dataclasses import dataclass
from decimal import Decimal

LINES = """
Wool Blanket | 89.00 | shade: oat, moss, rust, charcoal; measure: 130x180 cm, 150x200 cm +25.00
Linen Bedding | 149.90 | shade: chalk, sand, fern, dusk blue; bed: single, double +40.00, king +65.00
Down Pillow | 54.50 | filling: soft, medium, firm +6.00; measure: 40x80 cm, 50x70 cm +4.00
Stoneware Mug | 16.95 | glaze: speckled white, sea green, slate; volume: 8 oz, 12 oz +2.50
Stoneware Plate Set | 72.80 | glaze: speckled white, sea green, slate; count: 4 plates, 6 plates +30.00
Cast-Iron Pan | 64.25 | width: 8 inch, 10 inch +14.00, 12 inch +26.00; surface: raw, enamelled +22.00
Kitchen Knife | 78.00 | blade: paring, bread +12.00, chef +24.00; handle: walnut, beech, black resin
Chopping Board | 38.40 | wood: oak, maple, walnut +14.00; measure: small, large +16.00
Pour-Over Kit | 46.95 | dripper: ceramic, glass, steel +6.00; serves: 2 cups, 4 cups +9.00
Hand Coffee Grinder | 69.60 | burr: steel, ceramic +12.00; tint: graphite, cream
Tea Sampler | 24.00 | blend: black, green, herbal; tins: 4 tins, 8 tins +19.00
Enamel Lunchbox | 27.90 | tint: white, navy, mustard; tiers: one tier, two tiers +11.00
Bedside Light | 58.50 | shade: chalk, moss, terracotta; plug: US plug, EU plug
Clip Reading Light | 29.95 | tint: graphite, cream, sky; run time: 20 hours, 60 hours +12.00
Wall Charger | 34.80 | power: 20 W, 45 W +15.00, 65 W +28.00; tint: white, black
Power Bank | 45.25 | charge: 5000 mAh, 10000 mAh +18.00, 20000 mAh +37.00; tint: white, black
Kitchen Radio | 119.00 | tint: cream, sage, cherry; reception: FM, FM and DAB +35.00
Weather Station | 96.40 | sensors: one sensor, three sensors +38.00; screen: paper white, night black
Rain Jacket | 139.95 | tint: pine, navy, signal yellow; fit: S, M, L, XL
Merino Sweater | 118.60 | tint: oatmeal, forest, plum; fit: S, M, L, XL
Quilted Vest | 98.00 | tint: olive, navy, copper; fit: S, M, L, XL
Wool Socks | 19.90 | tint: grey, forest, berry; fit: 36-38, 39-41, 42-44, 45-47
Walking Shoes | 159.50 | tint: chestnut, stone, black; shoe: 38, 40, 42, 44, 46
Rubber Boots | 74.95 | tint: pine, navy, mustard; shoe: 37, 39, 41, 43, 45
Canvas Tote | 32.80 | tint: natural, indigo, olive; handles: short, long +3.00
Day Pack | 84.25 | tint: slate, rust, pine; volume: 18 litre, 26 litre +24.00
Travel Duffel | 129.00 | tint: slate, rust, pine; volume: 40 litre, 60 litre +30.00
Picnic Rug | 49.40 | pattern: tartan, stripes, plain moss; measure: for two, for four +21.00
Camp Stove | 67.95 | fuel: gas, alcohol, wood +18.00; rings: one ring, two rings +39.00
Camp Chair | 59.60 | cloth: sand, pine, rust; back: low, high +17.00
Two-Person Tent | 249.00 | cloth: sand, pine, rust; season: three seasons, four seasons +110.00
Sleeping Mat | 79.90 | filling: foam, air +26.00; measure: regular, long +14.00
Hammock | 88.50 | cloth: natural, indigo, stripes; seats: one person, two people +28.00
Bike Pannier | 92.95 | tint: black, signal yellow, slate; volume: 14 litre, 20 litre +19.00
Bike Light Pair | 42.80 | power: battery, USB +11.00; beam: 40 lux, 80 lux +17.00
Herb Planter | 36.25 | glaze: terracotta, chalk, slate; pots: three pots, five pots +18.00
Watering Can | 33.00 | tint: zinc, fern, cherry; volume: 5 litre, 9 litre +9.00
Pruning Shears | 41.40 | grip: right-handed, left-handed; blade: bypass, anvil +4.00
Bird Feeder | 28.95 | roof: copper, slate, cedar; mount: hanging, pole +12.00
Kitchen Timer | 22.60 | tint: cream, sage, cherry; works: wind-up, digital +6.00
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of an option and what it adds to the base price."""

    value: str
    surcharge: Decimal


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product as the catalogue describes it; `options` maps each label to its choices, the dearest last."""

    name: str
    base_price: Decimal
    options: dict[str, tuple[Choice, ...]]


def read_catalogue() -> list[ProductLine]:
    """The forty product lines in catalogue order."""
    return [_read_line(line) for line in LINES.strip().splitlines()]


def _read_line(line: str) -> ProductLine:
    name, price, options = (part.strip() for part in line.split("|"))
    labelled = (option.split(":") for option in options.split(";"))
    return ProductLine(name, Decimal(price), {label.strip(): _read_choices(values) for label, values in labelled})


def _read_choices(values: str) -> tuple[Choice, ...]:
    return tuple(_read_choice(value.strip()) for value in values.split(","))


def _read_choice(text: str) -> Choice:
    value, _, surcharge = text.partition(" +")
    return Choice(value, Decimal(surcharge or "0.00"))
