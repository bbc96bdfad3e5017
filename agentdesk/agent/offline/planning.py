"""Planning a letter: each wish becomes a proposal, an answer or a doubt, in the order asked where the orders allow."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from agentdesk.agent.offline import rules
from agentdesk.agent.offline.answers import ANSWERING, answer_question
from agentdesk.agent.offline.bench import Bench, orders_of
from agentdesk.agent.offline.item_wishes import plan_items, plan_return
from agentdesk.agent.offline.lookups import Lookups, NotYet
from agentdesk.agent.offline.order_wishes import plan_cancel, plan_order_address, plan_own_address, plan_payment
from agentdesk.agent.offline.outcomes import Doubt, Outcome, Proposal, Remark, join_words
from agentdesk.agent.offline.records import Order
from agentdesk.agent.offline.wishes import Kind, Reading, Wish

ORDER_PLANNERS: dict[Kind, Callable[[Wish, Order, Bench, tuple[str, ...]], Outcome]] = {
    Kind.CANCEL: plan_cancel,
    Kind.ORDER_ADDRESS: plan_order_address,
    Kind.PAYMENT: plan_payment,
}
GROUP_PLANNERS: dict[Kind, Callable[[Sequence[Wish], Order, Bench, tuple[str, ...]], Outcome]] = {
    Kind.RETURN: plan_return,
    Kind.ITEMS: plan_items,
}
BEFORE_ITEMS = (Kind.PAYMENT, Kind.ORDER_ADDRESS)
MOST_QUESTIONS = 3


@dataclass(frozen=True)
class Task:
    """One action to plan: wishes of one kind for one order (or for none)."""

    kind: Kind
    wishes: tuple[Wish, ...]
    order: Order | None
    concluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a letter comes to. `missing` names what to look up first; then nothing else is final."""

    outcomes: tuple[Outcome, ...]
    missing: tuple[tuple[str, dict[str, str]], ...]
    unanswered: tuple[str, ...] = ()

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The actions to propose, in order."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Proposal))

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """What to say without acting."""
        return tuple(outcome for outcome in self.outcomes if isinstance(outcome, Remark))


def make_plan(reading: Reading, lookups: Lookups) -> Plan:
    """The plan for a letter as far as the tools have answered."""
    bench = Bench(lookups, reading)
    attempt(lambda: bench.lookups.customer())
    tasks, outcomes = gather_tasks(reading, bench)
    for task in arranged(tasks):
        outcomes += plan_task(task, tasks, bench)
    outcomes = without_echoes(outcomes, reading)
    unanswered = []
    for question in reading.questions[:MOST_QUESTIONS]:
        answer = attempt(lambda: answer_question(question, bench))  # noqa: B023 - called at once
        if isinstance(answer, Remark):
            outcomes.append(answer)
        else:
            unanswered.append(question)
    return Plan(tuple(unique(outcomes)), tuple(lookups.missing.values()), tuple(unanswered))


def attempt(question: Callable[[], object]) -> object:
    """The answer, or None where it has to be asked for first."""
    try:
        return question()
    except NotYet:
        return None


def unique(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Outcomes that tell the same are told once."""
    found: dict[str, Outcome] = {}
    for outcome in outcomes:
        found.setdefault(outcome.told, outcome)
    return list(found.values())


def gather_tasks(reading: Reading, bench: Bench) -> tuple[list[Task], list[Outcome]]:
    """The letter's wishes by order, and what can be said of those that find no order."""
    tasks: list[Task] = []
    outcomes: list[Outcome] = []
    for wish in reading.wishes:
        try:
            if wish.kind in ANSWERING or wish.kind == Kind.OWN_ADDRESS:
                tasks.append(Task(wish.kind, (wish,), None))
                continue
            found, concluded = found_orders(wish, bench, outcomes)
        except NotYet:
            continue
        except Doubt as doubt:
            if wish.is_weak and wish.kind == Kind.ITEMS:
                continue
            spoken = [task.order for task in tasks if task.order is not None and task.concluded]
            if wish.orders or not spoken:
                outcomes.append(as_remark(doubt))
                continue
            found, concluded = [spoken[-1]], ("order located",)
        for order in found:
            add_task(tasks, Task(wish.kind, (wish,), order, concluded))
    return tasks, outcomes


def found_orders(wish: Wish, bench: Bench, outcomes: list[Outcome]) -> tuple[list[Order], tuple[str, ...]]:
    """The orders of a wish. Of several named ones each is judged alone: an unknown number spoils only itself."""
    if len(wish.orders) < 2 or wish.is_inherited or wish.kind in GROUP_PLANNERS:
        return orders_of(wish, bench)
    orders: list[Order] = []
    for order_id in wish.orders:
        try:
            orders += orders_of(replace(wish, orders=(order_id,)), bench)[0]
        except Doubt as doubt:
            outcomes.append(as_remark(doubt))
    return orders, ()


def add_task(tasks: list[Task], task: Task) -> None:
    """Adds a task; wishes that one action covers become one task."""
    for place, other in enumerate(tasks):
        if other.kind == task.kind and other.order == task.order and task.order is not None:
            if task.kind in GROUP_PLANNERS:
                tasks[place] = replace(other, wishes=(*other.wishes, *task.wishes))
            elif task.kind in {Kind.CANCEL, Kind.PAYMENT}:
                first = other.wishes[0]
                said = "\n".join(part for part in (first.after, task.wishes[0].text, task.wishes[0].after) if part)
                tasks[place] = replace(other, wishes=(replace(first, after=said),))
            elif task.kind == Kind.ORDER_ADDRESS and task.wishes[0].addresses and not other.wishes[0].addresses:
                tasks[place] = task
            return
    tasks.append(task)


def arranged(tasks: Sequence[Task]) -> list[Task]:
    """In the order asked, but what must come before a change of items comes before it: that change closes the order."""
    found: list[Task] = []
    for task in tasks:
        if task in found:
            continue
        if task.kind == Kind.ITEMS:
            found += [
                other
                for other in tasks
                if other.kind in BEFORE_ITEMS and other.order == task.order and other not in found
            ]
        found.append(task)
    return found


def plan_task(task: Task, tasks: Sequence[Task], bench: Bench) -> list[Outcome]:
    """What one task comes to; nothing while answers are missing, or where it turns out to wish for nothing."""
    try:
        if task.kind == Kind.OWN_ADDRESS:
            return [plan_own_address(task.wishes[0], bench)]
        if task.order is None:
            return ANSWERING[task.kind](task.wishes[0], bench)
        rival = rival_of(task, tasks)
        if rival:
            return [as_remark(rules.conflicting(task.order, rival))]
        if task.kind in GROUP_PLANNERS:
            return [GROUP_PLANNERS[task.kind](task.wishes, task.order, bench, task.concluded)]
        return [ORDER_PLANNERS[task.kind](task.wishes[0], task.order, bench, task.concluded)]
    except NotYet:
        return []
    except Doubt as doubt:
        rest = [other for other in tasks if other is not task and other.order == task.order]
        is_soft = task.kind == Kind.ITEMS and all(wish.is_weak for wish in task.wishes)
        is_idle = is_soft or (doubt.is_empty and bool(rest) and task.kind == Kind.ITEMS)
        return [] if is_idle else [as_remark(doubt, task.order)]


def rival_of(task: Task, tasks: Sequence[Task]) -> str:
    """What excludes this task on the same order, in words; empty where nothing does."""
    kinds = {other.kind for other in tasks if other.order == task.order}
    if Kind.CANCEL in kinds and len(kinds) > 1:
        return "a cancellation and a change"
    if {Kind.RETURN, Kind.ITEMS} <= kinds:
        return "a return and an exchange"
    return ""


def as_remark(doubt: Doubt, order: Order | None = None) -> Remark:
    """A doubt as something to ask the customer, with the order it is about."""
    told = doubt.told
    if order is not None:
        told = told.replace("this order", f"order {order.order_id}").replace("The order", f"Order {order.order_id}")
        if doubt.is_foreign:
            told = f"{told} It holds {join_words([f'the {name}' for name in order.names])}. Which of these do you mean?"
    return Remark(told, doubt.note, doubt.citations, asks=True)


def without_echoes(outcomes: list[Outcome], reading: Reading) -> list[Outcome]:
    """In an answer to our question, what was done before is not told again."""
    if not reading.is_following_up:
        return outcomes
    kept = [outcome for outcome in outcomes if not (isinstance(outcome, Remark) and outcome.is_settled)]
    return kept or outcomes
