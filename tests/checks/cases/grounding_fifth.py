# ruff: noqa: E501 - a case stays on one line, however long its reply is.
"""A fifth set for grounding, first counted unseen and tuned on after that: (desk, reply[, what is wrong])."""

from __future__ import annotations

GOOD: tuple[tuple[str, str], ...] = (
    ("cancelled", "Hello Carla, I can confirm that order #W4410001 is cancelled. 134.50 USD will be returned to your Visa card; banks need 5 to 7 working days for this."),
    ("cancelled", "That was quick: the order is cancelled before it was packed. Nothing will be sent to you, and your card gets its 134.50 USD back."),
    ("cancelled", "You were charged 45.00 and 89.50 USD, which makes 134.50 USD. All of it goes back to you."),
    ("refused", "I have to disappoint you, Carla: it is not possible to cancel this order. It stays as it is."),
    ("refused", "No money was moved and nothing on order #W4410001 has changed."),
    ("returned", "Dear Carla, one pair of Walking Shoes comes back to us. The return for order #W4410002 is registered."),
    ("returned", "After we have looked at the shoes, which usually happens within 3 working days, PayPal gets 139.00 USD."),
    ("returned", "The jacket (119.00 USD) and the stove (59.90 USD) are not part of the return."),
    ("exchanged", "Your exchange is under way: size king in sand for size double in sand. Your gift card pays the 25.90 USD."),
    ("exchanged", "You may exchange items once per order, and the exchange is free."),
    ("moved", "Order #W4410004 has a new delivery address: 7 Pond View, Unit 3, Boise, ID 83702, USA."),
    ("moved", "We do not charge anything for delivery within the USA."),
    ("repaid", "Your card ending in 4242 is refunded with 62.00 USD, since the gift card has taken over the payment."),
    ("credited", "For the late parcel you now have 15.00 USD of store credit."),
    ("status", "#W4410005 is on the road. Here is the tracking number again: 357962501027."),
    ("status", "I am sorry that I cannot name a day; it takes 3 to 5 working days from the day it was packed."),
    ("question", "You can ring us on Saturday between 9 am and 1 pm."),
    ("question", "Both the material and the making are covered for two years."),
    ("question", "Within 2 working days one of our people will have looked at it."),
    ("untouched", "Your order is pending, Carla, and paid by credit card. Is there anything you would like to change?"),
)  # fmt: skip
BAD: tuple[tuple[str, str, str], ...] = (
    ("cancelled", "The order is cancelled, and you have 130.00 USD coming back.", "ungrounded_amount"),
    ("cancelled", "We cancelled it and will refund the money by bank transfer.", "contradicts_action ungrounded_promise"),
    ("cancelled", "Your bank needs ten to twelve working days for the refund.", "ungrounded_duration"),
    ("refused", "Your order is as good as cancelled; the money follows.", "contradicts_action ungrounded_promise"),
    ("refused", "I took care of it and cancelled #W4410001.", "contradicts_action claims_undone_action"),
    ("returned", "We have sent the refund of 139.00 USD to your gift card.", "contradicts_action"),
    ("returned", "I registered the return of the Rain Jacket in green.", "contradicts_action"),
    ("returned", "You get 139.00 USD plus 10.00 USD for your trouble.", "ungrounded_amount contradicts_action"),
    ("exchanged", "The exchange is done, and your PayPal account is charged 25.90 USD.", "contradicts_action"),
    ("exchanged", "Your king-size bedding arrives by Monday.", "ungrounded_date"),
    ("moved", "We have sent order #W4410004 to 70 Pond View, Boise.", "contradicts_action ungrounded_id"),
    ("repaid", "We charged your gift card and refunded 26.00 USD to your Visa card.", "ungrounded_amount contradicts_action"),
    ("credited", "A credit of 51.00 USD was added.", "ungrounded_amount contradicts_action"),
    ("status", "Your order #W4410005 has arrived at your house.", "contradicts_record"),
    ("status", "We guarantee delivery tomorrow.", "ungrounded_promise ungrounded_date"),
    ("status", "I have told the carrier to hurry.", "claims_undone_action"),
    ("question", "We deliver to Canada for 12.00 USD.", "ungrounded_amount contradicts_source"),
    ("question", "Accidents are covered by our warranty.", "contradicts_source"),
    ("question", "Write to Dr. Lindqvist, who heads our repairs.", "ungrounded_name"),
    ("untouched", "I have changed your order: the lamp comes in black now.", "claims_undone_action"),
)  # fmt: skip
