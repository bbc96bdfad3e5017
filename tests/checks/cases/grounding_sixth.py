# ruff: noqa: E501 - a case stays on one line, however long its reply is.
"""A sixth set for grounding, first counted unseen and tuned on after that: (desk, reply[, what is wrong])."""

from __future__ import annotations

GOOD: tuple[tuple[str, str], ...] = (
    ("cancelled", "Hello Carla, thanks for letting us know so quickly. Order #W4410001 will not be packed: it has been cancelled."),
    ("cancelled", "On your Visa statement you will find 134.50 USD, usually after 5 to 7 working days."),
    ("cancelled", "The refund is 134.50 USD, that is 45.00 USD for the lamp and 89.50 USD for the blanket."),
    ("refused", "Sadly I could not do what you asked for, and the order remains pending."),
    ("refused", "Your order still holds the Reading Lamp and the Wool Blanket."),
    ("returned", "Thank you, Carla. The shoes may come back, and the return is set up for order #W4410002."),
    ("returned", "PayPal it is: 139.00 USD will be refunded there."),
    ("returned", "Please use the prepaid label that we mail you."),
    ("exchanged", "The bigger set is yours: we registered the exchange, and your gift card pays 25.90 USD."),
    ("exchanged", "If the king size does not fit either, I am afraid that a second exchange is not possible."),
    ("moved", "We now have 7 Pond View, Unit 3, Boise, ID 83702 as the address for this parcel."),
    ("repaid", "Both movements are 62.00 USD: the charge on your gift card and the refund to your Visa."),
    ("credited", "I have put 15.00 USD on your account as a credit."),
    ("status", "Nothing is wrong with your order: it was processed, and the carrier has it."),
    ("question", "Mondays to Fridays we answer the telephone from 8 am to 6 pm, Eastern time."),
    ("question", "Wear is excluded, but faults in making are covered."),
    ("untouched", "It is pending and was paid with the Visa card ending in 4242, 134.50 USD in total."),
    ("untouched", "I have looked through our articles and see nothing about a free mug."),
)  # fmt: skip
BAD: tuple[tuple[str, str, str], ...] = (
    ("cancelled", "Done. 143.50 USD should reach you soon.", "ungrounded_amount"),
    ("cancelled", "It is cancelled, and you may keep the lamp as a gift.", "ungrounded_promise ungrounded_statement contradicts_action"),
    ("cancelled", "The money went to the card ending in 4224.", "ungrounded_id contradicts_action"),
    ("refused", "We have now stopped and refunded order #W4410001.", "contradicts_action claims_undone_action"),
    ("refused", "Your cancellation was successful.", "contradicts_action"),
    ("returned", "All three items are registered for the return.", "contradicts_action"),
    ("returned", "The refund reaches your PayPal account within 1 working day.", "ungrounded_duration"),
    ("exchanged", "You get 25.90 USD back on your gift card.", "contradicts_action"),
    ("exchanged", "The exchange is registered: queen size in sand.", "ungrounded_name contradicts_action ungrounded_statement"),
    ("moved", "The parcel goes to 7 Pond View, Unit 3, Salem.", "contradicts_action"),
    ("repaid", "Your gift card was charged 26.00 USD.", "ungrounded_amount contradicts_action"),
    ("credited", "We doubled the credit to 30.00 USD.", "ungrounded_amount contradicts_action"),
    ("status", "You will have it in your hands by Saturday.", "ungrounded_date"),
    ("status", "I asked the warehouse to send a second stove.", "claims_undone_action ungrounded_promise"),
    ("question", "You reach us on weekdays from 7 am.", "ungrounded_date"),
    ("question", "Exchanges are always possible, as often as you like.", "ungrounded_statement ungrounded_promise contradicts_source"),
    ("untouched", "The blanket is sold out, so we replaced it.", "claims_undone_action contradicts_record"),
    ("untouched", "You are entitled to a 20 USD rebate.", "ungrounded_amount ungrounded_promise"),
)  # fmt: skip
