"""So many runs work at a time in a process, and one that waits for a model lets others work."""

from __future__ import annotations

import threading

from agentdesk.runs.hands import HANDS, at_work, waiting


def test_one_more_than_there_are_hands_works_once_another_waits() -> None:
    holding, let_go, done = threading.Barrier(HANDS + 1), threading.Event(), threading.Event()
    worked = threading.Event()

    def hold() -> None:
        with at_work():
            holding.wait(60)
            assert let_go.wait(60)
            with waiting():
                assert done.wait(60)

    def come_late() -> None:
        with at_work():
            worked.set()

    holders = [threading.Thread(target=hold) for _ in range(HANDS)]
    for thread in holders:
        thread.start()
    holding.wait(60)
    late = threading.Thread(target=come_late)
    late.start()
    assert not worked.is_set()
    let_go.set()
    assert worked.wait(60)
    done.set()
    for thread in (*holders, late):
        thread.join(60)
        assert not thread.is_alive()


def test_who_has_a_hand_needs_no_second() -> None:
    for _ in range(HANDS + 1):
        with at_work(), at_work(), waiting(), waiting():
            pass
