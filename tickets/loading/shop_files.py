"""From three JSON files to one checked shop."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from tickets.loading.articles import ArticleText, read_rules
from tickets.loading.reading import BrokenFile, read_json, require_mapping
from tickets.loading.references import check_references
from tickets.loading.shop_format import Shop, ShopEntry, ShopOrder, ShopProduct, ShopUser

AnyEntry = TypeVar("AnyEntry", bound=ShopEntry)


def read_shop(directory: Path) -> Shop:
    """The shop in users.json, orders.json and products.json of the directory. Raises BrokenFile."""
    if not directory.is_dir():
        raise BrokenFile(f"{directory}: is not a directory")
    return check_shop({name: read_json(directory / f"{name}.json") for name in ("users", "orders", "products")})


def read_shop_with_rules(directory: Path) -> tuple[Shop, ArticleText]:
    """The shop and its rules, policy.md, as an article. Raises BrokenFile."""
    return read_shop(directory), read_rules(directory / "policy.md")


def check_shop(files: Mapping[str, Any]) -> Shop:
    """The shop in these three mappings, each record checked by itself and against the others. Raises BrokenFile."""
    shop = Shop(
        users=_check_records(ShopUser, "user_id", files["users"], "users.json"),
        orders=_check_records(ShopOrder, "order_id", files["orders"], "orders.json"),
        products=_check_records(ShopProduct, "product_id", files["products"], "products.json"),
    )
    check_references(shop)
    return shop


def _check_records(kind: type[AnyEntry], id_field: str, data: Any, name: str) -> dict[str, AnyEntry]:
    records = {}
    for key, raw in require_mapping(data, name).items():
        record = _check_record(kind, raw, f'{name}: "{key}"')
        if getattr(record, id_field) != key:
            raise BrokenFile(
                f'{name}: "{key}": {id_field}: is "{getattr(record, id_field)}", not the key it stands under'
            )
        records[key] = record
    return records


def _check_record(kind: type[AnyEntry], raw: Any, place: str) -> AnyEntry:
    try:
        return kind.model_validate(raw)
    except ValidationError as error:
        first, *others = error.errors(include_url=False)
        more = f" (and {len(others)} more)" if others else ""
        raise BrokenFile(f"{place}: {_spell_field(first['loc'])}: {_spell_complaint(first)}{more}") from error


def _spell_field(location: tuple[int | str, ...]) -> str:
    """`items[1].price`; the record as a whole is called that."""
    spelt = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location)
    return spelt.removeprefix(".") or "the record"


def _spell_complaint(error: Any) -> str:
    """Pydantic's sentence in one line, without its prefix for our own."""
    return " ".join(str(error["msg"]).removeprefix("Value error, ").split())
