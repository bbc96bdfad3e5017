"""Sentences of a second hand: counted as they came, and then read when the checks were made."""

from __future__ import annotations

CANCEL = (
    "So, about {order} - we've decided we can do without it. Could somebody cancel that for us? It isn't needed now.",
    "Is it too late to cancel {order}? If not, please do, I no longer need what's in it.",
    "{order} needs cancelling please. Turns out I don't need any of it.",
    "My partner had bought the same things already, meaning {order} isn't needed any longer. Please cancel.",
    "I would be grateful if {order} could be cancelled before it leaves your warehouse. No longer needed.",
    "Hoping you can help: I want out of {order}. Cancel the lot please, I don't need it anymore.",
)
CANCEL_MISTAKE = (
    "I seem to have placed {order} by mistake, sorry! Please cancel it.",
    "{order} was an accident, my toddler got hold of the phone. Ordered by mistake, please cancel.",
    "Oops. {order} was ordered by mistake, I meant to leave it in the basket. Could you cancel it?",
)
SEND_BACK = (
    "{items} from {order} didn't work out for us, so we'd like to send that back and get our money.",
    "I've got {order} here and would like a refund for {items}. How do I send it back to you? Please start the return.",
    "May I return {items}? It was part of {order}.",
    "With {order} you sent me {items}. Not what I had in mind, sorry. I want to return it.",
    "Requesting a return: {items}, {order}.",
    "Could you organise the return of {items}? You'll find it under {order}.",
)
SEND_BACK_ALL = (
    "Everything in {order} has to go back, I'm afraid. Please set up a return for all items.",
    "We'd like to return all the items of {order}.",
)
KEEPING = ("", "", "", " We are happy with {kept}, that one we keep.", " Only that. I'm keeping {kept}.")
REFUND_TO = (
    "I'd like to have the refund on {method}.",
    "Would you pay the refund out to {method}?",
    "As for the money, {method} is where it should go.",
)
REFUND_AS_PAID = ("", "", "", "Refund it to whatever I used to pay, please.")
SWAP = (
    "{order} came today, thank you! One thing though: could I exchange {pairs}?",
    "I'd be glad if you could exchange {pairs}. That was {order}.",
    "We need an exchange for something in {order}: {pairs}.",
    "Would it be alright to swap {pairs}? I have {order} in front of me, it was delivered all right.",
    "Having tried it out, I'd rather exchange {pairs} ({order}).",
)
CHANGE_ITEMS = (
    "{order} hasn't left yet, has it? I'd love to change {pairs}.",
    "I was too quick with {order}. Please change {pairs}, if it's still possible.",
    "Regarding {order}, which is still pending: please change {pairs}.",
    "May I still change something? {order}: {pairs}, please change that.",
    "On second thoughts, please modify {order} and change {pairs}.",
)
PAIR = ("{item} for {wanted}", "{item} to {wanted}")
DIFFERENCE = (
    "Should there be a difference in price, {method} is fine.",
    "Whatever it costs more or less can go through {method}.",
    "For the price difference please take {method}.",
)
REDIRECT = (
    "We're having building work done, so {order} ought to be delivered to this address instead: {address}",
    "Please have {order} sent to {address}",
    "Could {order} be shipped to my sister's place? Her address is {address}",
    "I'm staying somewhere else until spring. Would you deliver {order} to {address}",
    "{order} is set to go to the wrong place. It should be sent to {address}",
)
MOVE = (
    "We've moved house! Please put our new address into my customer account: {address}",
    "Would you update the address in my profile? We live here now: {address}",
    "The address saved in my account is out of date. Please change it to {address}",
)
REPAY = (
    "I'd prefer it if {order} was paid with {method} rather than what I picked.",
    "Would you take the money for {order} from {method} instead?",
    "{order} - please change the payment method to {method}.",
    "Is it possible to pay for {order} using {method} instead? If so please change it.",
)
CREDIT = (
    "Your colleague on the phone promised me a credit of {amount} for the late delivery, and it isn't in my account "
    "yet. Please add it.",
    "You offered me {amount} as store credit for the trouble with my last parcel. I'd like to take you up on that.",
    "I was told I'd get {amount} credited to my account because the parcel was a week late. Could you do that now?",
    "Please credit {amount} to my account, as agreed on the phone with Nadia.",
)
OPENINGS = ("Hello there,", "Hi team,", "Good afternoon,", "Hi!", "", "Dear all,", "Hello, it's me again.")
ASIDES = (
    "", "", "", "Lovely shop by the way.", "I'm writing on behalf of the two of us.",
    "The website kept logging me out, so I'm trying it this way.", "Sorry to bother you before the weekend.",
    "I usually never write to customer service, but here we are.",
)  # fmt: skip
ENDINGS = (
    "Many thanks in advance!\n{name}", "Best,\n{name}", "Let me know when it's done.\n{name}", "Ta, {name}",
    "Yours sincerely\n{name}", "{name}",
)  # fmt: skip
SUBJECTS = ("A request", "Hello", "Help with an order", "Customer service", "Quick request", "Something to sort out")
BETWEEN = ("\n\nAnd another thing. ", " Apart from that: ", "\n\n")
