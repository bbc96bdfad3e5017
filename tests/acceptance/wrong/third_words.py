"""Sentences of a third hand: letters that were counted once and that no check was changed for."""

from __future__ import annotations

CANCEL = (
    "We're no longer going on the trip, which makes {order} pointless. Please cancel it, we no longer need it.",
    "Can I still get {order} cancelled? I have no use for it now.",
    "Stop {order} if you still can - found the same for less round the corner, so it's not needed.",
    "This is about {order}. I'd like it cancelled in full because I don't need it any more.",
    "Please don't send {order}, just cancel it. No longer needed!",
)
CANCEL_MISTAKE = (
    "Ugh, {order} went through twice in my browser and this one is a mistake. Cancel it please.",
    "My finger slipped and now there's {order}. Ordered by mistake - cancel, please.",
)
SEND_BACK = (
    "There's nothing wrong with {items}, it just doesn't suit me. It came with {order}; I'd like to return it.",
    "Please let me know that the return of {items} has reached you ({order}). I want to send it back.",
    "I ordered {order} for my dad and he won't use {items}. Can that be returned?",
    "Return request for {order}: {items}.",
    "I'm sending back {items}, it belongs to {order}. Please register that.",
)
SEND_BACK_ALL = (
    "None of {order} is what I hoped for. I want to return everything in it.",
    "I'd like to give the whole of {order} back, all items please.",
)
KEEPING = ("", "", " The rest I'm keeping.", " {kept} is great though, I'll hold on to that.")
REFUND_TO = ("Money to {method} please.", "Kindly put the refund onto {method}.", "I would like my money on {method}.")
REFUND_AS_PAID = ("", "", "", "The refund can go back the way it came.")
SWAP = (
    "Got {order} this morning. Please exchange {pairs}.",
    "Is there any chance to exchange {pairs}? It's from {order}, which arrived last week.",
    "{order} was delivered, and I'd like an exchange: {pairs}.",
    "The delivery of {order} was quick, thanks. I chose badly though and would like to swap {pairs}.",
)
CHANGE_ITEMS = (
    "While {order} is still with you: please change {pairs}.",
    "{order} is pending as far as I can see. Could you change {pairs} in it?",
    "I'd like a little change to {order}. Please switch {pairs}.",
    "Before you pack {order}, would you change {pairs}?",
)
PAIR = ("{item} for {wanted}", "{item} to {wanted}")
DIFFERENCE = (
    "You can settle the difference with {method}.",
    "If there's anything to pay or to get back, do it over {method}.",
    "The difference goes on {method}.",
)
REDIRECT = (
    "I won't be home that week. Please ship {order} to my workplace: {address}",
    "Kindly deliver {order} to the following address, not to my home: {address}",
    "There is a mistake in where {order} is going. The correct delivery address is {address}",
    "{order} - new delivery address please: {address}",
)
MOVE = (
    "As of this month I live at a new address. Please save it in my account: {address}",
    "Please change my home address in your records to {address}",
    "I've relocated! For my customer profile, the new address is {address}",
)
REPAY = (
    "I don't want {order} on the method I chose. Please charge {method} instead.",
    "Could the payment for {order} be moved to {method}?",
    "Please use {method} to pay for {order} instead of what's there now.",
    "Change of plan for {order}: pay it with {method}, please.",
)
CREDIT = (
    "In the chat I was offered a credit of {amount} as an apology. Yes please!",
    "It was agreed that my account would be credited with {amount}. Nothing there yet, could you look into it?",
    "Please add the {amount} credit I was promised.",
)
OPENINGS = ("Hiya,", "Hello support,", "To the customer team,", "Hey folks,", "", "Good day,")
ASIDES = (
    "", "", "It's me, the one with the three cats.", "Had a coffee first, so here goes.",
    "I've been ordering from you since your first catalogue.", "Typing this on my phone.",
)  # fmt: skip
ENDINGS = ("Cheers,\n{name}", "Thank you kindly, {name}", "That's all!\n{name}", "Regards\n{name}", "")
SUBJECTS = ("hi", "My order", "please help", "order question", "Ticket", "To be sorted")
BETWEEN = ("\n\nSecond matter: ", "\n", " Also, ")
