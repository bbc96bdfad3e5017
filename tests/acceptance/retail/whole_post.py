"""The whole post: every letter of the acceptance test, always the same for one seed."""

from __future__ import annotations

from tests.acceptance.retail.casting import Caster, cast_single_wishes, cast_unnumbered
from tests.acceptance.retail.mixing import cast_mixtures
from tests.acceptance.retail.shop import Shop
from tests.acceptance.retail.standing_still import Still, cast_still
from tests.acceptance.retail.wishes import Case

SEED = 20260401


def write_letters(shop: Shop, seed: int = SEED) -> list[Case]:
    """All letters of one pen; those that suit few customers are cast first, and the post comes in no order of kinds."""
    caster = Caster(shop, seed)
    still = Still(caster)
    cases = [
        *cast_mixtures(caster),
        *still.half_possible(6),
        *still.cast_scarce(),
        *cast_unnumbered(caster),
        *cast_single_wishes(caster),
        *cast_still(still),
    ]
    caster.rng.shuffle(cases)
    return cases
