"""Every page's address."""

from importlib import import_module
from importlib.util import find_spec

from django.urls import URLPattern, path

from agentdesk.pages import actions, attention, bulks, proposals, queue, queue_news, runs, shell, tickets

urlpatterns: list[URLPattern] = [
    path("theme/", shell.choose_theme, name="theme"),
    path("queue/", queue.show_queue, name="queue"),
    path("queue/decide/", queue.decide, name="decide"),
    path("queue/news/", queue_news.show_news, name="queue_news"),
    path("queue/groups/rows/", queue.show_rows, name="group_rows"),
    path("queue/groups/selection/", queue.show_selection, name="group_selection"),
    path("queue/bulks/<uuid:bulk_id>/", bulks.show_bulk, name="bulk"),
    path("queue/bulks/<uuid:bulk_id>/retry/", bulks.retry, name="retry_bulk"),
    path("actions/<uuid:action_id>/", actions.show_action, name="action"),
    path("actions/<uuid:action_id>/preview/", actions.show_preview, name="preview"),
    path("actions/<uuid:action_id>/edit/", actions.amend, name="amend"),
    path("actions/<uuid:action_id>/undo/", actions.undo, name="undo"),
    path("actions/<uuid:action_id>/settle/", actions.settle, name="settle"),
    path("tickets/<int:ticket_id>/", tickets.show_ticket, name="ticket"),
    path("tickets/<int:ticket_id>/reply/", tickets.reply, name="reply"),
    path("tickets/<int:ticket_id>/note/", tickets.add_note, name="add_note"),
    path("tickets/<int:ticket_id>/assign/", tickets.assign, name="assign"),
    path("tickets/<int:ticket_id>/tags/", tickets.tag, name="tag"),
    path("tickets/<int:ticket_id>/priority/", tickets.prioritise, name="prioritise"),
    path("tickets/<int:ticket_id>/take-over/", tickets.take_over, name="take_over"),
    path("tickets/<int:ticket_id>/hand-back/", tickets.hand_back, name="hand_back"),
    path("tickets/<int:ticket_id>/escalation/close/", tickets.close_escalation, name="close_escalation"),
    path("tickets/<int:ticket_id>/looking/", attention.note_looking, name="note_looking"),
    path("tickets/<int:ticket_id>/not-now/", attention.put_off, name="put_off"),
    path("tickets/<int:ticket_id>/bring-back/", attention.bring_back, name="bring_back"),
    path("tickets/<int:ticket_id>/claim/", attention.claim, name="claim"),
    path("tickets/<int:ticket_id>/release/", attention.release, name="release"),
    path("tickets/<int:ticket_id>/hand-over/", attention.hand_over, name="hand_over"),
    path("tickets/<int:ticket_id>/runs/start/", tickets.start, name="start_run"),
    path("tickets/<int:ticket_id>/propose/<slug:kind>/", proposals.propose, name="propose"),
    path("runs/<uuid:run_id>/", runs.show_run, name="run"),
    path("runs/<uuid:run_id>/pause/", runs.pause, name="pause_run"),
    path("runs/<uuid:run_id>/resume/", runs.resume, name="resume_run"),
    path("runs/<uuid:run_id>/cancel/", runs.cancel, name="cancel_run"),
    path("runs/<uuid:run_id>/submit/", runs.submit, name="submit_run"),
]
if find_spec("agentdesk.pages.other_urls"):
    urlpatterns += import_module("agentdesk.pages.other_urls").urlpatterns
