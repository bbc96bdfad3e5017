"""Answering a question from the articles: search, draft, check, propose. What does not fit is the agent's own to do."""

from agentdesk.agent.workflows.definition import Ending, Step, StepKind

TITLE = "Answer from knowledge"
STEPS = [
    Step(
        name="search",
        kind=StepKind.ACTION,
        does="search_articles",
        title="Search the articles for what was asked",
        next={"done": "passage", "failed": Ending.LOOP},
    ),
    Step(
        name="passage",
        kind=StepKind.CONDITION,
        does="passage_was_found",
        title="Is there a passage that speaks of it?",
        next={"yes": "draft", "no": Ending.LOOP},
    ),
    Step(
        name="draft",
        kind=StepKind.DECISION,
        does="answer_question",
        title="Draft an answer from the passages",
        next={"fits": "answerable", "unfit": Ending.LOOP},
    ),
    Step(
        name="answerable",
        kind=StepKind.CONDITION,
        does="draft_answers",
        title="Do the passages answer all of it?",
        next={"yes": "grounded", "no": Ending.LOOP},
    ),
    Step(
        name="grounded",
        kind=StepKind.VERIFY,
        does="draft_is_grounded",
        title="Check every claim against the passages",
        next={"passed": "reply", "failed": Ending.LOOP},
    ),
    Step(
        name="reply",
        kind=StepKind.ACTION,
        does="propose_reply",
        title="Propose the reply",
        next={"done": "solve", "failed": Ending.LOOP},
    ),
    Step(
        name="solve",
        kind=StepKind.ACTION,
        does="propose_solved",
        title="Propose that the ticket is solved",
        next={"done": Ending.DONE, "failed": Ending.PEOPLE},
    ),
]
