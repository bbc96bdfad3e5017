"""Yet other wordings, polite and clumsy, direct and roundabout: the offline model must hear the same wishes in them."""

from __future__ import annotations

import pytest

from tests.agent.test_offline_desk import work_ticket
from tests.agent.test_offline_shops import small_desk
from tests.agent.test_offline_wishes import (
    AT,
    BLUE,
    BLUE_LARGE,
    DELIVERED,
    GIFT_CARD,
    GREY_LAMP,
    LAMP_ORDER,
    MISTAKE,
    PAYPAL,
    PENDING,
    RED,
    TEE_L,
    TEE_M,
    TEE_WHITE,
    WHITE_LAMP,
    Expected,
    cancel,
    change,
    exchange,
    in_order,
    move,
    pay,
    send_back,
    send_to,
)

LETTERS: list[tuple[str, list[Expected]]] = [
    (
        "To whom it may concern, kindly note that I wish to cancel the following order: W1000001. Reason for "
        "cancellation: no longer needed. Regards",
        [cancel(PENDING)],
    ),
    ("Order #W1000001 was a mistake. Cancel.", [cancel(PENDING, MISTAKE)]),
    ("I'd appreciate it if you could cancel #W1000001 for me. I bought the wrong thing.", [cancel(PENDING, MISTAKE)]),
    ("we decided against it, so please cancel #W1000001", [cancel(PENDING)]),
    ("Plz cancle my ordr W1000001, i dont want it nomore", [cancel(PENDING)]),
    ("Hello! My husband already ordered the same so we don't need #W1000001. Can it be cancelled?", [cancel(PENDING)]),
    ("Can #W1000001 still be cancelled? I ordered it by accident", [cancel(PENDING, MISTAKE)]),
    ("Get rid of my order #W1000001. no longer needed", [cancel(PENDING)]),
    ("I hereby revoke order #W1000001 as it is no longer needed.", [cancel(PENDING)]),
    ("I want my money back for #W1000001, please cancel it. I don't need it any longer.", [cancel(PENDING)]),
    ("Cancel #W1000001 (Water Bottle, T-Shirt). No longer needed.", [cancel(PENDING)]),
    ("Please cancel the order with the bottle and the t-shirt (#W1000001), not needed any more", [cancel(PENDING)]),
    ("Cancel my lamp order #W1000004 please, found a nicer one", [cancel(LAMP_ORDER)]),
    ("cancel #W1000001 please - but keep #W1000004", [cancel(PENDING)]),
    ("Please cancel #W1000001, I don't need it. Leave #W1000004 alone.", [cancel(PENDING)]),
    (
        "I have two orders, #W1000001 and #W1000004. Please cancel the second one, I don't need it.",
        [cancel(LAMP_ORDER)],
    ),
    ("Both #W1000001 and #W1000004 can be cancelled, we no longer need them.", [cancel(PENDING), cancel(LAMP_ORDER)]),
    ("Would it be possible to cancel? It's #W1000001, bought by mistake", [cancel(PENDING, MISTAKE)]),
    ("If it's not too late I'd like to cancel #W1000001. I no longer need the items.", [cancel(PENDING)]),
    ("If #W1000001 hasn't shipped yet, please cancel it. I no longer need it.", [cancel(PENDING)]),
    ("Unfortunately I have to cancel #W1000001. I can't afford it right now.", [cancel(PENDING)]),
    (
        "Hi there! Regarding #W1000001, is it possible to have the t-shirt in size L rather than M?",
        [change(PENDING, (TEE_M, TEE_L))],
    ),
    ("For #W1000001: please send the red water bottle instead of the blue one", [change(PENDING, (BLUE, RED))]),
    (
        "I need to make a change to order #W1000001. The water bottle - I'd like the red one.",
        [change(PENDING, (BLUE, RED))],
    ),
    (
        "I'd like to make the following changes to order #W1000001:\n* Water Bottle (blue, 500ml) => Water "
        "Bottle (red, 500ml)\n* T-Shirt (black, M) => T-Shirt (black, L)\nPlease use my credit card for any "
        "difference.",
        [change(PENDING, (BLUE, RED), (TEE_M, TEE_L))],
    ),
    (
        "Please change my order #W1000001 so that the t-shirt is L and the bottle is red.",
        [change(PENDING, (TEE_M, TEE_L), (BLUE, RED))],
    ),
    ("Instead of the blue water bottle in #W1000001 I'd like the red one, same size.", [change(PENDING, (BLUE, RED))]),
    ("Can I upgrade the bottle in order #W1000001 from 500ml to 1000 ml?", [change(PENDING, (BLUE, BLUE_LARGE))]),
    ("#W1000001 Please replace: T-Shirt M by T-Shirt L", [change(PENDING, (TEE_M, TEE_L))]),
    (
        "I ordered a black t-shirt in M (#W1000001). Please make that a white one in L.",
        [change(PENDING, (TEE_M, TEE_WHITE))],
    ),
    ("could you switch my shirt in W1000001 to a white L, thanks, use the visa", [change(PENDING, (TEE_M, TEE_WHITE))]),
    ("In #W1000001: t-shirt -> white, L. bottle -> red.", [change(PENDING, (TEE_M, TEE_WHITE), (BLUE, RED))]),
    ("Modify #W1000001: T-Shirt to size 'L'", [change(PENDING, (TEE_M, TEE_L))]),
    ("Please amend order #W1000004 - lamp colour white, not grey", [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP))]),
    (
        "Please change the lamp in #W1000004 from grey to white and charge the difference to the original "
        "payment method.",
        [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP))],
    ),
    (
        "My daughter hates grey. Could the lamp in order #W1000004 come in white?",
        [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP))],
    ),
    (
        "The lamp of order #W1000004 - I'd rather have the cheapest other one",
        [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP))],
    ),
    (
        "Change #W1000004's lamp to the white model, paying the extra with PayPal.",
        [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP), method=PAYPAL)],
    ),
    (
        "For my pending order #W1000004 I want to exchange the gray lamp for the white lamp. Please use my "
        "PayPal account for the price difference.",
        [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP), method=PAYPAL)],
    ),
    (
        "Please change the desk lamp in #W1000004 to white. I do not want to change anything else.",
        [change(LAMP_ORDER, (GREY_LAMP, WHITE_LAMP))],
    ),
    ("I received #W1000002 and would like the lamp in white instead.", [exchange(DELIVERED, (GREY_LAMP, WHITE_LAMP))]),
    (
        "Can I get the white lamp in exchange for the grey one from #W1000002?",
        [exchange(DELIVERED, (GREY_LAMP, WHITE_LAMP))],
    ),
    (
        "The lamp in #W1000002 is broken. Please exchange it for a white one.",
        [exchange(DELIVERED, (GREY_LAMP, WHITE_LAMP))],
    ),
    (
        "Please exchange both T-shirts in #W1000002 for a size L. Charge my PayPal.",
        [exchange(DELIVERED, (TEE_M, TEE_L), (TEE_M, TEE_L))],
    ),
    (
        "In #W1000002 exchange the two black M t-shirts for white L ones",
        [exchange(DELIVERED, (TEE_M, TEE_WHITE), (TEE_M, TEE_WHITE))],
    ),
    (
        "Exchange, order #W1000002: lamp -> white; bottle -> red",
        [exchange(DELIVERED, (GREY_LAMP, WHITE_LAMP), (BLUE, RED))],
    ),
    (
        "I would like to exchange my Water Bottle from order #W1000002 to one that's red, everything else the same",
        [exchange(DELIVERED, (BLUE, RED))],
    ),
    ("Order #W1000002, returning: Desk Lamp. Thanks", [send_back(DELIVERED, GREY_LAMP)]),
    (
        "please process a return for the desk lamp of order #W1000002, refund to PayPal",
        [send_back(DELIVERED, GREY_LAMP)],
    ),
    (
        "I don't like the lamp I got in #W1000002. I'd like to return it and get the money on my gift card.",
        [send_back(DELIVERED, GREY_LAMP, method=GIFT_CARD)],
    ),
    ("How can I return the lamp from #W1000002? Please start the return.", [send_back(DELIVERED, GREY_LAMP)]),
    ("Send the lamp back, order #W1000002. Money to paypal_2", [send_back(DELIVERED, GREY_LAMP)]),
    (
        "Return from order #W1000002:\n- Desk Lamp (grey, high)\n- T-Shirt (black, M)\n- T-Shirt (black, M)",
        [send_back(DELIVERED, GREY_LAMP, TEE_M, TEE_M)],
    ),
    ("Return the whole order #W1000002", [send_back(DELIVERED, BLUE, GREY_LAMP, TEE_M, TEE_M)]),
    ("I want to return everything except the t-shirts from #W1000002.", [send_back(DELIVERED, BLUE, GREY_LAMP)]),
    (
        "I want to return the grey lamp, blue bottle and the two t-shirts of #W1000002 to PayPal",
        [send_back(DELIVERED, BLUE, GREY_LAMP, TEE_M, TEE_M)],
    ),
    ("The bottle of #W1000002 leaks. I want to return it for a refund.", [send_back(DELIVERED, BLUE)]),
    ("Please refund the lamp from my delivered order #W1000002", [send_back(DELIVERED, GREY_LAMP)]),
    (
        "I bought a lamp, a bottle and shirts (#W1000002). The lamp is too bright; I want to give it back.",
        [send_back(DELIVERED, GREY_LAMP)],
    ),
    (f"Ship to a new address please: {AT}. Order #W1000001.", [send_to(PENDING)]),
    (f"Order #W1000001 must go to {AT} - I typed the wrong address", [send_to(PENDING)]),
    (f"Can you change where #W1000001 goes? New destination: {AT}", [send_to(PENDING)]),
    (
        f"We've relocated! {AT} is our new address. Please use it for #W1000001 and update my account as well.",
        [send_to(PENDING), move()],
    ),
    (
        "Please update my shipping address for order #W1000001.\n\nNew address:\n500 Oak Street, Apt "
        "4\nAustin, Texas 78701\nUnited States",
        [send_to(PENDING)],
    ),
    (f"please change the address on file to {AT}", [move()]),
    (f"I'd like to update my personal details: new address {AT}", [move()]),
    (f"Deliver #W1000001 to my mother: {AT}. My own address stays the same.", [send_to(PENDING)]),
    (
        f"For both open orders (#W1000001, #W1000004) please use this address: {AT}",
        [send_to(PENDING), send_to(LAMP_ORDER)],
    ),
    ("ship order #W1000001 to 500 Oak Street Apt 4 Austin TX 78701", [send_to(PENDING)]),
    ("Can I pay for #W1000001 with PayPal instead?", [pay(PENDING, PAYPAL)]),
    ("Please use PayPal as the payment method for order #W1000001.", [pay(PENDING, PAYPAL)]),
    ("payment for #W1000001: switch from visa to paypal", [pay(PENDING, PAYPAL)]),
    ("I would like order #W1000001 to be charged to PayPal and not to my Visa.", [pay(PENDING, PAYPAL)]),
    ("Take #W1000001 off my credit card and put it on PayPal", [pay(PENDING, PAYPAL)]),
    ("Could you update the payment on #W1000001? I want PayPal.", [pay(PENDING, PAYPAL)]),
    ("My visa got lost. Please charge order #W1000001 to my PayPal account.", [pay(PENDING, PAYPAL)]),
    ("I'd like to return the lamp from #W1000002 but only if the refund is in cash", [send_back(DELIVERED, GREY_LAMP)]),
]
STANDING_STILL = [
    "I might return the lamp from #W1000002, what are my options?",
    "Does the red bottle cost more than the blue one in #W1000001?",
    "Do not change anything in #W1000001, I just want to know when it ships",
    "Please don't return the lamp, I was only asking",
    "Change the t-shirt in #W1000001 to XXL",
    "Swap the lamp in #W1000004 for a bottle",
    "Exchange the lamp in #W1000002 for the grey one",
    "Refund #W1000002",
    "Give me a refund on my gift card for #W1000001",
    "Add another t-shirt to order #W1000001",
    "Use my Amex for #W1000001 instead",
    "Change the lamp in #W1000002 to white and return it",
    f"Send #W1000002 to {AT}",
    "My order number is #W1000001",
    "#W1000001",
    "Change my order",
    "When will #W1000003 arrive? If it takes more than a week I will cancel.",
]


@pytest.mark.parametrize(("letter", "expected"), LETTERS, ids=[letter[:60] for letter, _ in LETTERS])
def test_it_hears_the_wish_in_other_words(letter: str, expected: list[Expected]) -> None:
    worked = work_ticket(small_desk(), letter)
    assert in_order(worked.actions) == in_order(expected)


@pytest.mark.parametrize("letter", STANDING_STILL, ids=[letter[:60] for letter in STANDING_STILL])
def test_it_hears_no_wish_where_there_is_none_to_fulfil(letter: str) -> None:
    worked = work_ticket(small_desk(), letter)
    assert worked.actions == []
    assert worked.reply or worked.escalation
