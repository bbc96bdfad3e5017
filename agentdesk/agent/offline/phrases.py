"""The ways people put a wish: patterns over one lower-case clause, each answering one question about it."""

from __future__ import annotations

import re

ORDER_WORD = r"(?:orders?|purchases?|#w\d+)"
AGREES = re.compile(
    r"^\W*(?:yes|yeah|yep|sure|ok|okay|please do|go ahead|correct|right|exactly|confirm\w*|i confirm|"
    r"absolutely|fine|that's (?:fine|ok|okay|right))\b"
)
HEDGED = re.compile(
    r"(?<!if )\b(?:i|we) might (?:want to |have to |need to )?(?:cancel|return|exchange|change|send)\b|"
    r"\b(?:thinking (?:about|of)|considering|might (?:want|need|have) to|may want to|maybe (?:i|we)|"
    r"not (?:sure|certain) (?:if|whether|that i want)|"
    r"undecided|haven't decided|what (?:would |will |do(?:es)? )?happens? (?:if|when)|if i (?:were to|"
    r"decide|decided|wanted|want|ever|should|choose|do) |"
    r"before i (?:cancel|return|exchange|decide)|should i (?:cancel|return|exchange|change)|"
    r"hypothetically|in theory|suppose (?:i|we)|"
    r"(?:what|how much) (?:would|will|do) (?:i|it|we) (?:get|cost|pay|receive|owe).{0,40}\bif\b|"
    r"if i (?:cancel|return|exchange|change)(?:led|ed|d)?\b|"
    r"in case i (?:want|need|have) to|would it be better)"
)
CONDITIONAL = re.compile(
    r"\bif\b.{0,60}\b(?:not available|isn't available|aren't available|unavailable|out of stock|sold out|"
    r"not in stock|not possible|"
    r"isn't possible|can't (?:do|be|get)|cannot (?:do|be)|don't have|no longer available|doesn't work|"
    r"won't work|aren't possible|isn't in stock|impossible)\b"
    r"|\b(?:otherwise|failing that|if not),"
)
UNDONE = re.compile(
    r"\b(?:never ?mind|scratch that|disregard (?:my|that|the) (?:last|previous|earlier)|on second thought|"
    r"forget (?:that|it|about it|what i said|my (?:last|previous))|"
    r"(?:please )?ignore my (?:last|previous|earlier|first)|i(?:'ve| have)? changed my mind,? (?:don't|"
    r"do not|please don't|leave)|actually,? (?:no\b|don't|do not|leave|keep))"
)
NOT = r"(?:do not|don't|not|never|rather than|instead of|without|no need to|didn't|did not|won't|wouldn't)"
BETWEEN = (
    r"(?:\s+(?:want(?:ed)?|need|wish|like|have|mean(?:t)?|intend|yet|to|actually|ask(?:ed)?|be|you|it|"
    r"this|that|the|order|my|#w\d+))*"
)
CANCEL = re.compile(
    rf"\bcancel(?:l)?(?:ing|ation|ations)?\b|\b(?:want|like|need|get|have|be|gets?|please|wish|prefer|"
    rf"see)\b.{{0,60}}?\bcancell?ed\b|"
    rf"\bcall(?:ing)? off\b.{{0,30}}|\b(?:scrap|abort|void|revoke|withdraw|stop|drop|undo|kill|nix|rescind|"
    rf"terminate|annul|pull)\b (?:\w+ ){{0,3}}?{ORDER_WORD}|"
    rf"\b(?:don't|do not|no longer|not) (?:want|need)(?: to (?:receive|get))? (?:my |the |this |that |"
    rf"these )?(?:entire |whole )?{ORDER_WORD}|"
    rf"\b(?:don't|do not|please don't|never) (?:ship|send|process|deliver|fulfil\w*|"
    rf"dispatch) (?:out )?(?:my |the |this |that |me )?{ORDER_WORD}|"
    rf"\bget rid of (?:my |the |this )?{ORDER_WORD}|\btake back (?:my |the |this )?{ORDER_WORD}"
)
NOT_CANCEL = re.compile(rf"\b{NOT}{BETWEEN}\s+(?:cancel|call(?:ing)? off)")
CANCEL_TOLD = re.compile(
    r"\b(?:i|we|you|they|someone|it|that|which|order|#w\d+) (?:have |has |had |'ve |already |just |"
    r"recently |was |were |got |is |been )*"
    r"(?:already |just |recently )?cancell?ed\b|(?:was|were|has been|have been|is|got|been|"
    r"already) (?:already )?cancell?ed|"
    r"\b(?:cancellation (?:policy|fee|fees|terms|window|period|confirmation|email|rules)|(?:about|after|"
    r"before|since|following|regarding) (?:the|my|a) cancellation)\b"
)
RETURN = re.compile(
    r"\breturn(?:ing)?\b|\b(?:want|like|need|get|have|be|wish)\b.{0,60}?\breturned\b|\b(?:send|sending|"
    r"ship|give|bring|mail|post|hand)(?:ing)?\b.{0,240}? back\b|\b(?:go|goes|going) back to you\b|"
    r"\btake (?:it|them|this|these|that|those|the [\w ]{1,40}?|my [\w ]{1,40}?) back\b|"
    r"\breturns? (?:request|of|for|label|authori[sz]ation)\b|\brma\b|\btake back (?:the |these |this |"
    r"those |my |a |both |two )"
)
NOT_RETURN = re.compile(
    rf"\b{NOT}{BETWEEN}\s+(?:return|send (?:it|them) back)|\bin return\b|\breturn (?:address|policy|"
    rf"policies|window|period|rules|shipping|my call|my e?-?mail|to you|me a)\b|"
    r"\b(?:many happy returns|point of no return|your return(?:s)? (?:policy|process|procedure|rules|"
    r"window))\b|\bget(?:ting)? back to me\b|\b(?:write|hear|call|come|get|look|report|answer|"
    r"reply) back\b"
)
RETURN_TOLD = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)? (?:already |just |recently |also )*(?:returned|sent|shipped|mailed|"
    r"given|brought)\b|\b(?:has|have|was|were|been) (?:already )?returned\b|"
    r"\b(?:after|since|following|(?<!how )about|regarding) (?:the|my|a) return\b"
)
EXCHANGE = re.compile(r"\bexchang(?:e|ing|es)\b|\b(?:want|like|need|get|have|be|wish)\b.{0,60}?\bexchanged\b")
CHANGE = re.compile(
    r"\b(?:change|modify|alter|edit|amend|adjust|update|correct|changing|modifying|updating|upgrade|"
    r"upgrading|downgrade|convert|revise|modification|switch up)\b|"
    r"\b(?:want|like|need|get|have|be|wish)\b.{0,60}?\b(?:changed|modified|altered|updated|upgraded|"
    r"amended|adjusted|corrected)\b"
)
SWAP = re.compile(
    r"\b(?:swap|switch|replace|trade|substitute|swapping|switching|replacing|trading|replacement)\b|"
    r"\b(?:want|like|need|get|have|be)\b.{0,60}?\b(?:swapped|switched|replaced|traded|substituted)\b|"
    r"\binstead(?: of)?\b|\brather (?:have|get|take|go|like|than|receive|be)\b|\bwould (?:rather|"
    r"prefer)\b|\bi(?:'d| would) rather\b|\bprefer\b|->|\bin place of\b|\bgo (?:with|for) (?:the|a)\b"
)
NEED = re.compile(
    r"\b(?:i(?:'d| would) (?:also )?(?:like|love|need|want)|i (?:also )?(?:need|want)|could (?:i|we|you)|"
    r"can (?:i|we|you)|please|"
    r"should (?:be|have been)|make (?:it|that|them|the)|was supposed to be|meant to (?:order|get|buy|"
    r"choose|pick|select))\b"
)
SOFT_CHANGE = re.compile(
    r"\b(?:could|can|may)\b.{1,60}\b(?:come|be (?:had|sent|delivered|made|available)|get it|have it) in\b|"
    r"\bmake (?:it|that|them|the|my)\b|\bshould (?:be|have been)\b|\bcan (?:it|they|that|the \w+(?: \w+)?) be\b|"
    r"\b(?:one|a) size (?:up|larger|smaller|bigger|down)\b|\bbut (?:i|we) (?:need|want|wanted|meant|wish)\b|"
    r"\bi (?:picked|chose|selected|ordered|got|took)\b.{3,80}\bbut\b|\bis possible in\b|"
    r"\bin (?:a )?different (?:size|color)\b"
)
PAY_IT = re.compile(
    r"\b(?:pay|charge|bill) (?:for )?(?:it|this|that|them|the (?:whole )?order) (?:with|by|using|to|on|via|from)\b"
)
PAID_ANEW = re.compile(
    r"\b(?:should|shall|must|to|can|could|may|will) be (?:paid|charged|billed|put|booked)\b.{0,30}\b(?:by|"
    r"with|to|on|onto|from|using|via|against)\b"
)
ILL_FITTING = re.compile(
    r"\btoo (?:small|big|large|tight|loose|soft|hard|short|long|dark|bright|heavy|light|wide|narrow|firm|"
    r"weak|low|high)\b|\bwrong (?:size|colou?r|one|variant|version|model|option|capacity|material)\b|"
    r"\b(?:doesn't|don't|does not|do not|didn't) fit\b|\bmeant to (?:order|get|buy|choose|pick|select)\b|"
    r"\b(?:other|another|different) (?:colou?r|size|variant|version|model|option|material|capacity|"
    r"style)\b"
)
NOT_CHANGE = re.compile(
    rf"\b{NOT}(?:\s+(?:want|need|wish|to|it|be))*\s+(?:change|exchange|swap|modify|replace|switch)\b|"
    rf"\bchanged? (?:my|his|her|our) mind\b|\b(?:plans?|things|circumstances|situation|needs|"
    rf"mind) (?:have |has |had |just )*changed\b|\bchange of (?:mind|heart|plans?|address)\b|"
    rf"\bexchange (?:rate|"
    rf"policy|policies|rules|window)\b|"
    r"\bupdates?(?: me| us)? (?:on|about|me|us|regarding)\b|\b(?:any|an|send|status|for|give me an|"
    r"latest) updates?\b|\bkeep me updated\b|\bnothing else (?:changes|to change)\b"
    r"|\b(?:everything|all|the rest) (?:else )?(?:\w+ )?(?:stays?|remains?|unchanged)\b|\bloose change\b|"
    r"\blight switch\b"
)
CHANGE_TOLD = re.compile(
    r"\b(?:i|we|you)(?:'ve| have| had)? (?:already |just |recently |also )*(?:exchanged|swapped|replaced|"
    r"modified|switched)\b|\b(?:has|have|was|were|been) (?:already )?(?:exchanged|modified|replaced)\b"
)
MOVED = re.compile(
    r"\b(?:i|we)(?:'ve| have|'m| am|'re| are| just| recently| will be| be)*(?: just| recently)? (?:moved|"
    r"moving|relocat\w+)\b|\bnew (?:home|place|apartment|house|address)\b|\bmoved (?:house|home|to)\b"
)
ADDRESS_WORD = re.compile(
    r"(?<!e-mail )(?<!email )(?<!mail )(?<!ip )(?<!web )\baddress(?:es)?\b(?!ed)|\bzip(?: code)?\b|"
    r"\b(?:apartment|suite|unit) number\b"
)
STATES_ADDRESS = re.compile(
    r"^\W*(?:(?:hi|hello|and|so|here is|here's|here|it is|it's)\W*)?(?:(?:my|our|the|his|her)\s*)?"
    r"(?:(?:full|complete|correct|right|new|current|shipping|delivery|mailing|updated|home|"
    r"actual) )*(?:address|one)\b"
    r"(?:\s+(?:is|will be|would be|should be))?(?:\s+now)?\s*:?\s*(?:address\d+)?\W*$"
)
ADDRESS_CHANGED = re.compile(
    r"\baddress(?:es)? (?:has|have|had|is|was|got|just|recently) (?:just |now |recently |since |"
    r"been )*(?:changed|moved|different|new|old|outdated|updated)\b"
)
RECORDING = re.compile(r"\b(?:change|update|modify|correct|save|set|put|register|record|replace|amend|edit|fix)\b")
BARE_CHANGE = re.compile(
    r"^\W*(?:(?:so|and|please|kindly|also|hi|hello|can you|could you|would you|will you|i need you to|"
    r"i'd like you to)\W+)*(?:update|change|modify|amend|correct|edit|fix) (?:it |this |that )?(?:on |in |"
    r"for )?(?:my |the |this )?(?:pending )?"
    r"(?:order )?(?:number )?(?:#w\d+)?(?:[ ,]+(?:accordingly|please|as well|too|with it|with this|"
    r"to this|to that|there|thanks|thank you|for me))*\W*$"
)
DESTINATION = re.compile(
    r"\b(?:new|different|other|another|change the|change my) destination\b|\bchange where\b|"
    r"\bwhere (?:my |the |this |that )?(?:it|#w\d+|order|parcel|package)\b.{0,20}\b(?:goes|go|ships?|"
    r"is going|sent|shipped|delivered)\b"
)
ADDRESS_VERB = re.compile(
    r"\b(?:change|update|correct|wrong|new|different|ship|shipped|shipping|deliver|delivered|delivery|"
    r"send|sent|redirect|reroute|re-route|forward|modify|use|fix|edit|amend|set|switch|go to|goes to|"
    r"replace|mistake|typo|another|other|mail)\b"
)
SHIP_TO = re.compile(
    r"\b(?:ship|send|deliver|redirect|reroute|forward|go|goes|sent|shipped|delivered|mail|mailed|bring|"
    r"come|arrive)\b(?: \S+){0,8}? (?:to|at) (?:(?:my|our|the|a|an|her|his|their) )?(?:\w+ ){0,2}?"
    r"(?:office|work|workplace|home|house|place|parents?|mother|father|sister|brother|friend|neighbou?r|"
    r"wife|husband|daughter|son|sister's|brother's|mom's|mum's|parents'|apartment|hotel|there|"
    r"somewhere else|location|locker|workplace)\b"
    r"|\b(?:ship|send|deliver|redirect|reroute|forward|shipped|sent|delivered|redirected|"
    r"go)\b(?: \S+){0,10}? (?:somewhere else|elsewhere|(?:to )?an?other (?:address|place)|"
    r"to a different (?:address|place))"
)
THERE = re.compile(
    r"\buse (?:it|this|that|the new one|this one|that one) (?:for|on)\b|"
    r"\b(?:ship|send|deliver|redirect|reroute|forward|go|goes|sent|shipped|delivered|"
    r"mail)\b.{0,60}\b(?:there\b|th(?:is|at) (?:new |same )?(?:address|one|place|location))|"
    r"\b(?:to|at|use|with|for) (?:the|that|this|my) (?:same|new|above|following|below|one) (?:\w+ )?address\b"
)
ACCOUNT = re.compile(
    r"\b(?:(?<!paypal )(?<!pay pal )(?<!bank )account|profile|default|on file|on record|my records?|"
    r"your records?|records|customer (?:data|"
    r"details|record|file|information)|personal (?:data|details|information)|contact (?:details|"
    r"information|info)|"
    r"address book|future (?:orders|deliveries|purchases)|user (?:address|details|data|info|information)|"
    r"(?:saved|home|main|primary|registered|permanent|stored|billing|mailing|postal) address|"
    r"my (?:own )?address (?:details|info)|details you have)\b"
)
NOT_ACCOUNT = re.compile(
    r"\b(?:don't|do not|not|leave|keep|without|no need to|needn't|but not|shouldn't)\b.{0,50}\b(?:account|"
    r"profile|default|on file|records?|home address|registered address)\b|\b(?:account|profile|default|"
    r"home) (?:address )?(?:\w+ ){0,3}(?:stays?|remains?|unchanged|as (?:it )?is)\b|"
    r"\bonly (?:for )?(?:this|that|the) (?:one )?order\b|\bjust (?:for )?(?:this|that) (?:one )?order\b"
)
NOT_ORDER_ADDRESS = re.compile(
    r"\b(?:don't|do not|leave|not)\b.{0,40}\b(?:orders?|#w\d+)\b.{0,30}\b(?:alone|address|as (?:it )?is|"
    r"as they are|unchanged)\b|\bnot (?:for )?(?:any |my )?(?:existing |open |current )?orders?\b"
)
OWN_PLACE = re.compile(
    r"\b(?:to|use|with|at|is|as|be|match(?:es)?) (?:my |the |our )?(?:\w+ )?(?:(?:default|account|profile|"
    r"saved|registered|usual|regular|normal|home|main|primary|current) (?:shipping |delivery |home |"
    r"mailing )?address|address (?:\w+ ){0,3}?(?:on|in|from|of) (?:my |the |your )?(?:account|profile|"
    r"file|records?|system))\b"
)
OTHER_ORDER_PLACE = re.compile(
    r"\b(?:same|the|that) (?:shipping |delivery )?address (?:as|of|from|on|used (?:for|in|on)) (?:my |"
    r"the |for )*(?:other |previous |last )?(?:order )?(#w\d+)"
)
PAYMENT_WORD = re.compile(r"\b(?:payment|pay|pays|paid|paying|charge|charged|charging|bill|billed|billing)\b")
PAYMENT_CHANGE = re.compile(
    r"\b(?:change|switch|update|modify|move|transfer|swap|convert|replace|edit|amend|set|alter|different|"
    r"another|other|new|changing|switching|updating)\s+"
    r"(?:(?!using\b|with\b|via\b|by\b|through\b|and\b|address\b)\S+\s+){0,5}?(?:payment|paid|pay|billing|"
    r"charged|billed)\b|"
    r"(?<!original )(?<!same )\bpayments? (?:method |option |type |form |details |source |info |"
    r"information )?(?:\S+ ){0,6}?(?:to|should be|be|changed|switched|updated|moved|instead)\b|"
    r"\b(?:method|form|mode|means) of payment\b.{0,40}\b(?:to|changed|switched|instead)\b"
)
PAYMENT_USE = re.compile(
    r"\b(?:charge|bill|pay|paid|use|put|switch|move|place|take|debit|run|transfer|change|want|like|billed|"
    r"charged|moved|switched|apply|prefer|have|process|settle|cover)\b"
)
SWITCHED_TO_METHOD = re.compile(
    r"\b(?:switch|change|move|put|transfer|charge|bill|place|shift|switched|changed|moved|"
    r"charged)\s+(?:(?:it|this|that|everything|all|over|"
    r"them|the|my|whole|entire|order|payment|charge|total|amount|purchase|for|"
    r"#w\d+)\s+)*(?:over\s+)?(?:to|on|onto|with|against)\s+(?:(?:my|the|a|an|this|that|other|saved)\s+)*"
    r"(?:gift|credit|debit|paypal|pay pal|visa|master|card|amex|\w+ card\b|paypal_|credit_card_|gift_card_)"
)
INSTEAD = re.compile(r"\b(?:instead|rather than|rather|in place of|not (?:my|the|on|with)|prefer)\b")
SETTLING = re.compile(
    r"\b(?:differences?|refund(?:s|ed|ing)?|reimburs\w*|money(?: back)?|owed?|owing|extra|surcharge|"
    r"price gap|balance due|additional|remaining (?:amount|balance|sum)|costs? more|cheaper|"
    r"more expensive|"
    r"credit(?:ed)? (?:it |back|the|any|to)|if there(?:'s| is| are) (?:any|anything|a|some)|top[- ]?up|"
    r"left ?over|adjustment|funds|reimbursement|either way|price change|cash back|whatever (?:it|the)|"
    r"is fine for)\b"
)
REFUND = re.compile(
    r"\b(?:want|need|like|get|request|give|please|demand|expect|issue|have|process|can i|"
    r"could i)\b.{0,60}\b(?:refund(?:ed)?|money back|reimburs\w+)\b|\brefund (?:me|my|the|for|it|this|"
    r"request|please|#w\d+|order)\b"
)
REFUND_FIRST = re.compile(
    r"^\W*(?:(?:and|then|also|please|kindly|just|you can|i'd like you to|could you)\W+)*(?:refund|credit|"
    r"reimburse|put|send|give)\s+"
    r"(?:it|me|us|everything|(?:the|my) (?:money|refund|amount|total|payment|funds))\b"
)
REFUND_ASKED = re.compile(
    r"\b(?:when|where|how long|status|still|yet|haven't|have not|hasn't|has not|not (?:yet )?(?:received|"
    r"seen|gotten|got)|waiting|didn't (?:get|receive)|did not|check|track|any news|what happened)\b.{0,90}"
    r"\b(?:refund(?:ed|s)?|money(?: back)?|reimburs\w+|credited|paid back)\b|\b(?:refund(?:s|ed)?|"
    r"money(?: back)?|reimburs\w+)\b.{0,60}\b(?:status|when|where|how long|yet|arrive[ds]?|not (?:arrived|"
    r"shown|come|received|here)|still|missing|hasn't|haven't|take|show(?:ed)? up)\b"
)
STATUS_ASKED = re.compile(
    r"\b(?:where(?:'s| is| are)|status|track(?:ing|ed)?|when (?:will|does|do|is|can|should)|"
    r"how long (?:until|till|before|will it take)|has (?:it|my order|the order|my package|"
    r"#w\d+) (?:been )?(?:shipped|left|sent)|eta\b|"
    r"expected (?:delivery|arrival)|estimated|still (?:hasn't|has not|haven't|nothing|waiting|not|pending|"
    r"processing|no sign)|(?:hasn't|haven't|has not|have not|didn't|never|not) (?:yet )?(?:arrived|come|"
    r"been delivered|received|shown up|got|gotten|shipped)|"
    r"(?:any )?(?:news|update) (?:on|about|regarding)|what(?:'s| is) (?:happening|going on)|on its way|"
    r"check (?:on )?(?:my|the) (?:order|package|parcel|delivery)|lost|missing)\b"
)
STATUS_THING = re.compile(
    r"\b(?:orders?|packages?|parcels?|delivery|shipment|it|item|items|tracking|stuff|#w\d+|they|things?)\b"
)
UNSUPPORTED = re.compile(
    r"\b(?:add|include|throw in)\b (?:(?:an?|another|one more|the|some|two|\d+|extra|"
    r"more)\b)(?: \S+){0,6}? (?:to|in|into|on) (?:my |the |this |that )?(?:\w+ )?(?:order|#w\d+)|"
    r"\b(?:remove|delete|take out|take off|drop|leave out|exclude)\b(?: \S+){1,8}? (?:from|off|out of|"
    r"in) (?:my |the |this |that )?(?:\w+ )?(?:order|#w\d+)|\b(?:increase|decrease|reduce|"
    r"double) (?:the )?(?:quantity|number|amount)\b|"
    r"\b(?:only|just) (?:one|two|half) of (?:the|my) (?:items|order)\b|\bchange (?:my |the )?(?:e-?mail|"
    r"name|phone)\b|\bcombine\b.{0,40}\borders\b|\bsplit\b.{0,30}\border\b|\bexpedite|\brush (?:my|the|"
    r"this)\b|\bexpress shipping\b|\bgift[- ]?wrap"
)
DAMAGE = re.compile(
    r"\b(?:damaged|broken|broke|defective|faulty|cracked|scratched|dented|torn|shattered|stopped working|"
    r"(?:doesn't|does not|don't|not|isn't|won't|didn't) (?:work|working|turn on|charge|function)|dead|"
    r"wrong item|missing (?:item|part|piece)s?|"
    r"malfunction\w*|warranty|incomplete|leak(?:s|ing)?)\b"
)
QUESTION = re.compile(
    r"^(?:\W|hi|hello|and|also|but|so|one question|question|another thing|btw|by the way|"
    r"quick question)*\s*(?:how|what|when|where|which|why|who|do you|does|is there|are there|is it|are|is|"
    r"may|can|could|will|would|did|has|have)\b"
)
RHETORICAL = re.compile(
    r"\b(?:how hard (?:can|is)|is that (?:ok|okay|possible|alright|fine|all right|something you)|"
    r"is this (?:possible|ok|okay)|would that be|can you help|could you help|can you do (?:that|this)|"
    r"seriously|what the|are you kidding|really|ok\?|okay\?|please confirm|"
    r"let me know|what is wrong with|who (?:does|do) (?:that|this)|why is (?:this|it) so|how are you|"
    r"hope you|can anyone help|can someone help|could someone help|is anyone|anybody there|what kind of|"
    r"how is that|can that be|could that be|would you mind|are you able)\b"
)
THANKS = re.compile(
    r"\b(?:thank|thanks|thx|ty|cheers|appreciate\w*|great|perfect|awesome|wonderful|brilliant|got it|"
    r"received|all good|excellent|lovely|super|works|sorted)\b"
)
ANGRY = re.compile(
    r"!!|\b(?:ridiculous|unacceptable|terrible|horrible|awful|furious|angry|fed up|disgust\w*|worst|"
    r"outrag\w*|disappoint\w*|frustrat\w*|incompetent|sick of|joke|pathetic|disgrace\w*|never again|"
    r"annoy\w*|useless|had enough|what the hell|wtf|damn|appalling|poor service|shame|seriously)\b"
)
DENIES_ITEM = re.compile(
    r"\b(?:keep|keeping|kept|except|apart from|besides(?! that| this|,)|but not|other than|excluding|"
    r"not the|leave|leaving|"
    r"happy with|love|lovely|fine with|holding on to|hold on to|hang on to|everything but|all but)\b"
)
WHOLE = re.compile(
    r"\b(?:everything|all (?:of (?:it|them|the)|the|my|\d+|items?|products|three|four|five|two)|entire|"
    r"whole|complete|both(?: items| of them| things| products)?|all)\b"
)
TOGETHER = re.compile(
    r"^(?:and |also |plus |the same|same|likewise|ditto|do the same|as well as|same (?:thing|goes|for)|"
    r"as for)\b|\b(?:the same|likewise|same thing|do so|as well|too)\b"
)
EVERY_PENDING = re.compile(
    r"\ball (?:of )?(?:my|the|our) (?:pending |open |current |outstanding |unshipped )?orders\b|"
    r"\bboth (?:of )?(?:my|the) (?:pending |open )?orders\b|\bevery (?:pending |open )?order\b"
)
HAS_ARRIVED = re.compile(
    r"\b(?:received|arrived|delivered|got (?:it|them|my|the)|came|when i (?:opened|tried)|tried (?:it|"
    r"them)|wore|unboxed|in the box|opened)\b"
)
NOT_YET_SENT = re.compile(
    r"\b(?:before it (?:ships|is shipped|goes out|leaves)|hasn't (?:been )?shipped|has not shipped|"
    r"not (?:yet )?shipped|hasn't (?:left|gone out)|still pending|pending order|is pending|yet to ship|"
    r"haven't shipped)\b"
)
MISTAKE = re.compile(
    r"\b(?:by mistake|by accident|accident(?:al(?:ly)?)?|mistak\w+|in error|erroneous\w*|wrong (?:item|"
    r"order|product|one|thing)s?|didn't mean|did not mean|never meant|not mean(?:t)? to|unintention\w*|"
    r"twice|duplicate\w*|double[- ]?order\w*|misclick\w*|clicked)\b"
)
NOT_NEEDED = re.compile(
    r"\b(?:no longer|don't|do not|not|never|doesn't|won't|isn't|didn't) (?:\w+ )?(?:need|want|require|use|"
    r"necessary|interested|needed|wanted)\w*|\bchanged? (?:my|our) mind\b|\bfound (?:it |one |the same |"
    r"them |something )?(?:\w+ )*(?:cheaper|elsewhere|better)|\bbetter (?:deal|price)\b|"
    r"\bno use for\b|\bplans? (?:have )?changed\b|\bchange of (?:plans|heart|mind)\b|\balready (?:have|"
    r"bought|got)|\bcan't afford|\btoo expensive|\bchose another|\btaking too long|\bany ?(?:more|"
    r"longer)\b|\bbought (?:it|one|them) (?:elsewhere|somewhere)|\bgot (?:it|one) as a gift"
)
