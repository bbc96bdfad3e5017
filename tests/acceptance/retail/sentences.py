"""Sentences people write: many ways to ask for each thing. `{…}` is filled in; everything else is theirs."""

from __future__ import annotations

CANCEL_NOT_NEEDED = (
    "Please cancel {order}, I no longer need it.",
    "I'd like to cancel {order}. We don't need these things any more.",
    "Could you cancel {order} for me? It's no longer needed.",
    "cancel {order} pls, dont need it anymore",
    "Kindly call off {order}; my plans have changed and I do not need it now.",
    "I don't want {order} any longer, my sister gave me the very same things. Cancel it.",
    "Would it be possible to stop {order} before it goes out? I don't need it after all.",
    "{order}: please cancel, no longer needed.",
    "I have changed my mind about {order} and no longer need it, so please cancel the whole order.",
    "What I would like is for {order} to be cancelled completely. We simply don't need it any more.",
)
CANCEL_MISTAKE = (
    "Please cancel {order}, I ordered it by mistake.",
    "I clicked the wrong button and {order} went through. Please cancel it, it was a mistake.",
    "{order} was ordered by mistake - can you cancel it?",
    "pls cancel {order}, ordered by accident",
    "My little one got hold of my phone and placed {order} by mistake. Please cancel all of it.",
    "I didn't mean to place {order}, it was an accident. Cancel it please.",
    "Could you please undo {order}? I ordered it by mistake and would like it cancelled.",
    "There has been a mistake on my side: I never meant to place {order}. Please cancel it.",
)
SEND_BACK = (
    "I would like to return {items} from {order}.",
    "Please arrange a return of {items} from {order}.",
    "can i send back {items} from {order}? not what i expected",
    "I want to return {items} ({order}). It's simply not for me.",
    "From {order} I'd like to send {items} back.",
    "I'm not happy with {items} in {order} and would like to return what I just named.",
    "Please take back {items} from {order}, I want my money back.",
    "I received {order} last week. I'd like to return {items}, please.",
    "return {items} from {order} pls",
    "How sad, {items} from {order} will have to go back to you. Please set up the return.",
    "Regarding {order}: I wish to return {items} for a refund.",
    "I need to give back {items} that came with {order}. Please start a return.",
)
SEND_BACK_ALL = (
    "I would like to return everything in {order}.",
    "Please let me send back all of {order}, the whole lot.",
    "I want to return all items of {order}.",
    "return all of {order} pls, every single item",
    "The complete contents of {order} should go back to you, I'd like to return everything.",
)
KEEPING = ("", "", "", "", " I'm keeping {kept}.", " {Kept} can stay, I like that.", " I will keep {kept} though.")
REFUND_TO = (
    "Please refund it to {method}.",
    "The money should go back to {method}.",
    "Refund to {method}, please.",
    "You can put the refund on {method}.",
    "i want the money on {method}",
)
REFUND_AS_PAID = (
    "",
    "",
    "Please refund me the way I paid.",
    "The refund can go to the original payment method.",
    "Money back to however I paid, please.",
)
SWAP = (
    "I'd like to exchange {pairs} from {order}.",
    "Please exchange {pairs}. It's {order}.",
    "{order} arrived, but could I swap {pairs}?",
    "can i exchange {pairs}? {order}",
    "From {order}, which was delivered to me: please exchange {pairs}.",
    "I got {order} and I'm not quite happy. I want to exchange {pairs}.",
    "Could you help me with an exchange? In {order} I would like to swap {pairs}.",
    "I received {order} yesterday and need to exchange {pairs}.",
    "My parcel ({order}) came. I wish to exchange {pairs}, if I may.",
)
CHANGE_ITEMS = (
    "In {order}, please change {pairs}.",
    "I'd like to modify {order}: change {pairs}.",
    "could you change {pairs} in {order}?",
    "Before {order} goes out: please change {pairs}.",
    "{order} hasn't shipped yet, so I hope you can still switch {pairs}.",
    "I picked the wrong one in {order}. Please change {pairs}.",
    "Would you be so kind as to change {pairs} in {order}?",
    "pls change {pairs}, {order}",
    "I looked at {order} again. I would prefer it if you changed {pairs}.",
    "Can you update {order} for me? I'd rather have you switch {pairs}.",
)
PAIR = ("{item} for {wanted}", "{item} to {wanted}")
BETWEEN_PAIRS = ("; and ", ", and ", "; also ", ", and also ", ", as well as ")
DIFFERENCE = (
    "Any difference in price can go on {method}.",
    "Please use {method} for the price difference.",
    "Charge or refund the difference to {method}.",
    "If it costs more or less, use {method}.",
    "difference via {method}",
)
REDIRECT = (
    "Please send {order} to a different address: {address}",
    "{order} should go to {address}",
    "Could you change the shipping address of {order} to {address}",
    "I need {order} delivered somewhere else. New address: {address}",
    "The address on {order} is wrong. The right one is {address}",
    "pls ship {order} to {address}",
    "I typed the old address when I placed {order}. Please change the delivery address to {address}",
    "We'll be away, so please redirect {order} to my parents: {address}",
    "Can {order} go to my office instead? It's {address}",
    "Kindly update the delivery address for {order}. It ought to be {address}",
)
MOVE = (
    "I have moved. Please change the address on my account to {address}",
    "Please update my profile with my new home address: {address}",
    "My address has changed, could you update it in my customer account? It is now {address}",
    "new address for my account pls: {address}",
    "Could you set the default address in my profile to {address}",
    "Please correct the address you have on file for me as a customer. It should read {address}",
)
REPAY = (
    "Please charge {order} to {method} instead.",
    "I'd like to pay for {order} with {method} instead.",
    "Can you change the payment method of {order} to {method}?",
    "could you put {order} on {method} instead",
    "I used the wrong payment method for {order}. Please switch it to {method}.",
    "For {order}, I would rather pay with {method}. Please change that.",
    "Would you mind moving the payment for {order} over to {method}?",
    "{order}: change payment to {method} please.",
    "My wife says {order} should be paid with {method}. Please change the payment accordingly.",
    "Switch the payment on {order} to {method}, please.",
)
LINKS = ("Also: ", "And one more thing. ", "Second: ", "Besides that, ", "Then, ", "Oh, and ", "", "Another matter: ")

GREETINGS = {
    "polite": ("Dear support team,", "Good morning,", "Hello,", "Dear Sir or Madam,", "Good evening to you all,"),
    "plain": ("Hi,", "Hello,", "Hi there,", "Hey,"),
    "angry": ("", "Hello?", "To whoever reads this:"),
    "rambling": ("Hello dear people,", "Hi! How are you all?", "Good day,"),
    "terse": ("", "", "hi"),
    "hasty": ("hey", "hi", "helo,"),
}
FILLERS = {
    "polite": ("I hope this finds you well.", "", "I have always been pleased with your service."),
    "plain": ("", "", "Quick one."),
    "angry": (
        "I am really annoyed.",
        "This is the second time I write and nobody has answered!!",
        "Your website is a disgrace and I can't find the right button anywhere.",
        "I've wasted half of my evening on this.",
    ),
    "rambling": (
        "It is raining here again and the dog won't go out, so I finally find the time to write to you.",
        "My daughter turned 12 on Saturday and we had the whole family round, all 14 of them, what a day.",
        "I've been a customer for about 6 years now, I think, ever since my neighbour told me of your shop.",
        "You will laugh, but I had this mail half written on Tuesday and then my screen went black.",
    ),
    "terse": ("",),
    "hasty": ("writing from the train so sorry for teh typos", "", "no time to check my speling"),
}
CLOSINGS = {
    "polite": ("Thank you very much for your help.\n\nKind regards,\n{name}", "With best wishes,\n{name}"),
    "plain": ("Thanks!\n{name}", "Thanks, {name}", "Cheers\n{name}", "Thank you\n{name}"),
    "angry": ("Get it done this time.\n{name}", "Fix this NOW.", "I expect better.\n{name}"),
    "rambling": ("Well, that's all from me, greetings to everyone there.\n{name}", "Have a lovely week!\n\n{name}"),
    "terse": ("", "thx", "{name}"),
    "hasty": ("thnx, {name}", "tanks\n{name}", "cheers {name}"),
}
MISSPELT = {
    "please": "plese", "order": "oder", "cancel": "cancle", "address": "adress", "received": "recieved",
    "exchange": "exchagne", "would": "woud", "different": "diffrent", "payment": "paymnet", "return": "retrun",
    "instead": "insted", "mistake": "mistkae", "change": "chnage", "delivery": "delivrey", "account": "acount",
    "refund": "refud", "longer": "loger", "switch": "swtich",
}  # fmt: skip

SUBJECTS = {
    "Cancel": ("Cancel an order", "cancellation", "please cancel", "My order", "Question about an order"),
    "ChangeItems": ("Change in my order", "wrong item picked", "Please modify my order", "order"),
    "Redirect": ("Delivery address", "different address", "Shipping address", "My order"),
    "Move": ("New address", "I moved", "My account"),
    "Repay": ("Payment", "payment method", "Paying differently", "My order"),
    "SendBack": ("Return", "I want to send something back", "My parcel", "return request"),
    "Swap": ("Exchange", "Swap", "My parcel", "About my delivery"),
}
SUBJECTS_OF_SEVERAL = ("Two things", "Several things", "A few requests", "help please", "My orders")
