"""One table says what comes after each failure, and one function reads it."""

from __future__ import annotations

import pytest

from agentdesk.agent.failures import (
    LAST_RUNG,
    MALFORMED,
    REMEDIES,
    SIMPLIFIED,
    TO_PEOPLE,
    TURN_FAILURES,
    WITH_ERROR,
    Failure,
    Recovery,
    choose_remedy,
)


@pytest.mark.parametrize("failure", Failure)
def test_every_failure_has_remedies_from_the_closed_set(failure: Failure) -> None:
    ladder = REMEDIES[failure]
    assert ladder and all(remedy.recovery in Recovery and remedy.how for remedy in ladder)


@pytest.mark.parametrize("failure", sorted(MALFORMED))
def test_an_unfit_turn_climbs_the_ladder(failure: Failure) -> None:
    assert [choose_remedy(failure, times) for times in (1, 2, 3, 4)] == [WITH_ERROR, SIMPLIFIED, TO_PEOPLE, TO_PEOPLE]


def test_a_refusal_goes_to_people_at_once() -> None:
    assert choose_remedy(Failure.TURN_REFUSED, 1) == TO_PEOPLE
    assert Failure.TURN_REFUSED in TURN_FAILURES and Failure.TURN_REFUSED not in MALFORMED


@pytest.mark.parametrize("failure", [failure for failure in Failure if failure.name.startswith("PROVIDER")])
def test_a_provider_is_followed_by_the_next_model_and_the_last_by_people(failure: Failure) -> None:
    assert choose_remedy(failure, 1).how == "with the next model"
    assert choose_remedy(failure, LAST_RUNG) == TO_PEOPLE
    assert failure not in TURN_FAILURES


@pytest.mark.parametrize("failure", [Failure.BOUND_REACHED, Failure.NO_PROGRESS])
def test_a_bound_ends_in_the_best_partial_result(failure: Failure) -> None:
    assert choose_remedy(failure, 1).recovery == Recovery.PARTIAL
