"""Writing as a customer: a new matter or the next message of an old one, as if it had come in by mail."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentdesk.pages.inbox_list import LONGEST_SEARCH, MOST_WORDS
from agentdesk.people.roles import STAFF, refuse, signed_in
from tickets.models import Customer, Ticket, TicketStatus
from tickets.operations import Letter, TicketClosed, open_ticket, receive_message

FOUND = 20
NEW_MATTER = "A new matter"
LONGEST_BODY = 200_000
IDENTITIES = (("claimed", "Only claimed, as in any e-mail"), ("verified", "Verified, as after a sign-in at the shop"))


class LetterForm(forms.Form):
    """What a customer writes. `ticket` continues an earlier matter; else there must be a subject."""

    email = forms.EmailField(label="E-mail", max_length=254)
    name = forms.CharField(max_length=200, required=False)
    ticket = forms.ModelChoiceField(Ticket.objects.none(), required=False, empty_label=NEW_MATTER, label="About")
    subject = forms.CharField(max_length=500, required=False, help_text="For a new matter.")
    body = forms.CharField(
        label="What they write",
        max_length=LONGEST_BODY,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "data-send": ""}),
    )
    identity = forms.ChoiceField(label="Who it is", choices=IDENTITIES, initial="claimed", required=False)

    def offer(self, tickets: QuerySet[Ticket]) -> None:
        """The earlier matters that can be continued."""
        self.fields["ticket"] = forms.ModelChoiceField(tickets, required=False, empty_label=NEW_MATTER, label="About")

    def clean(self) -> None:
        if not self.cleaned_data.get("ticket") and not self.cleaned_data.get("subject") and "ticket" not in self.errors:
            self.add_error("subject", "A new matter needs a subject.")


@require_http_methods(["GET", "HEAD", "POST"])
def write_as_customer(request: HttpRequest) -> HttpResponse:
    """Choose who writes, then what; in the demo everyone may, elsewhere staff."""
    if not settings.DEMO and signed_in(request).role not in STAFF:
        return refuse(request, STAFF)
    if request.method != "POST" and "customer" not in request.GET and "new" not in request.GET:
        return choose_customer(request)
    customer = find_customer(request)
    form = make_form(request, customer)
    if request.method == "POST" and form.is_valid():
        return send_letter(request, form, customer)
    return render(
        request,
        "inbox/write.html",
        {"form": form, "customer": customer},
        status=422 if form.errors else 200,
    )


def choose_customer(request: HttpRequest) -> HttpResponse:
    """The first step: whose letter it is."""
    search = request.GET.get("q", "").replace("\0", "")[:LONGEST_SEARCH]
    found = list(search_customers(search)[: FOUND + 1])
    context = {"customers": found[:FOUND], "search": search, "has_more": len(found) > FOUND}
    return render(request, "inbox/choose_customer.html", context)


def search_customers(search: str) -> QuerySet[Customer]:
    """Customers by name, e-mail, id or the number of one of their orders; by name."""
    customers = Customer.objects.annotate(full_name=Concat(F("first_name"), Value(" "), F("last_name")))
    for word in search.split()[:MOST_WORDS]:
        customers = customers.filter(
            Q(full_name__icontains=word)
            | Q(email__icontains=word)
            | Q(pk=word)
            | Q(orders__order_id__in=[word, f"#{word.lstrip('#').upper()}"])
        ).distinct()
    return customers.order_by("first_name", "last_name", "pk")


def find_customer(request: HttpRequest) -> Customer | None:
    """The customer the request names, if there is one."""
    named = request.POST.get("customer") or request.GET.get("customer")
    return get_object_or_404(Customer, pk=named.replace("\0", "")) if named else None


def make_form(request: HttpRequest, customer: Customer | None) -> LetterForm:
    """The form; a known customer writes from the known address."""
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and customer is not None:
        data["email"] = customer.email
    form = LetterForm(data, initial={"ticket": request.GET.get("ticket")})
    if customer is not None:
        form.offer(customer.tickets.exclude(status=TicketStatus.CLOSED).order_by("-pk"))
    return form


def send_letter(request: HttpRequest, form: LetterForm, customer: Customer | None) -> HttpResponse:
    """Opens a ticket with the letter, or adds it to the one chosen."""
    letter = form.cleaned_data
    ticket, now = letter["ticket"], timezone.now()
    try:
        if ticket is not None:
            receive_message(ticket.pk, letter["body"], now=now)
        else:
            ticket, _ = open_ticket(
                Letter(
                    letter["email"], letter["subject"], letter["body"], letter["name"], letter["identity"] or "claimed"
                ),
                now=now,
            )
    except TicketClosed as reason:
        form.add_error("ticket", str(reason))
        return render(request, "inbox/write.html", {"form": form, "customer": customer}, status=409)
    messages.success(request, f"{ticket.customer} wrote. The agent is on it, unless a person has the ticket.")
    return redirect("ticket", ticket.pk)
