"""docs/undo.md says what the catalogue says."""

from agentdesk.environment import BASE_DIR
from approvals.presets import preset_policy
from approvals.receipts import UndoRule, undo_rules


def cells_of(rule: UndoRule) -> list[str]:
    kind = rule.kind
    can = "yes" if rule.is_possible else "before it leaves" if rule.until else "no"
    also = [kind.cannot_undo, f"`{kind.reversed_by}`" if kind.reversed_by else ""]
    instead = " ".join(filter(None, also))
    return [f"`{kind.name}`", can, rule.until or "—", kind.undo_while or "—", instead or "—"]


def test_the_table_of_the_page_is_the_catalogues() -> None:
    lines = (BASE_DIR / "docs" / "undo.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    assert rows == [cells_of(rule) for rule in undo_rules(preset_policy("careful"))]
