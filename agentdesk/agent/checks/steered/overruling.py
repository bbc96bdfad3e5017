"""Signs that somebody rules over the agent: rules are off, nobody need look, a new master, a part to play, a threat."""

from __future__ import annotations

from collections.abc import Mapping

HUMANS = (
    r"(?:humans?|people|persons?|any ?(?:one|body)|some(?:one|body)|no ?(?:one|body)|supervisors?|managers?|reviewers?|"
    r"colleagues?|staff|team|approvers?|management|moderators?|employees?|operators?)"
)
LOOKING = (
    r"(?:approv(?:als?|e|es|ing)|reviews?|reviewing|sign(?:s|ing)?[ -]?offs?|verif(?:y|ies|ication)|"
    r"authori[sz](?:e|es|ing|ation)|agrees?|looks?|involved|intervenes?|steps? in|has to know|notic\w+|sees?|asks?)"
)
RULES = (
    r"(?:instructions?|guidance|guidelines?|directives?|protocols?|handbook|rule ?book|playbook|programming|prompts?|"
    r"restrictions?|constraints?|(?:safety|security|usual|normal|standard) (?:checks?|measures?|settings?|"
    r"rules|polic(?:y|ies)|limits|procedures)|safe-?guards?|guard ?rails?|filters?|training|configuration|"
    r"what you (?:were|have been|know|learned)|everything you (?:were|have been|know)(?! about)|set-?up says|"
    r"you were (?:told|taught|given))"
)
SAME_RULES = r"(?:rules|limits|restrictions|polic(?:y|ies)|constraints|safeguards|guard ?rails|filters)"
OFFICE = (
    r"(?:it|security|platform|engineering|compliance|fraud|head ?office|headquarters|hq|management|develop\w+|dev|"
    r"operations|ops|admin\w*|openai|anthropic|vendor|audit\w*|data protection|quality|qa|risk|infrastructure|"
    r"back office|trust and safety)"
)

SIGNS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "rules": (
        2,
        (rf"\b{RULES}\b",),
    ),
    "terms": (
        1,
        (
            r"\b(?:rules?|polic(?:y|ies)|procedures?|limits?|limitations?|controls?|boundaries|terms|windows?|"
            r"thresholds?|caps?|obligations?)\b",
        ),
    ),
    "off": (
        2,
        (
            r"(?<!not )(?<!n't )(?<!never )\b(?:ignor(?:e|es|ing)|disregard(?:s|ing)?|forget|overrid(?:e|es|ing)|"
            r"overrul\w*|bypass(?:es|ing)?|skip|skipping|circumvent\w*|suspend\w*|lift(?:s|ed|ing)?|waiv\w*|void|"
            r"disabl\w*|deactivat\w*|set aside|abandon\w*|unlearn|obsolete|superse\w*|revok\w*|rescind\w*|"
            r"outranks?|trumps?|exempt\w*|unrestricted|discard|relax(?:ed)?|violate|(?:turn|switch)(?:ed|"
            r"ing)? off|(?:put|cast|push|leave) (?:\w+ )?(?:aside|away)|not bound|free (?:from|of)|(?:no|"
            r"any) longer|(?:do|does|did|is|are) not (?:to be )?(?:appl(?:y|ied)|count|bind|matter)|(?:don't|"
            r"doesn't|isn't|aren't) (?:apply|applied|count|bind|matter)|pay no (?:attention|heed)|"
            r"turn a blind eye|clear your|stop (?:following|obeying|applying)|null and void|work around|"
            r"get around|instead of (?:following|your))\b",
        ),
    ),
    "lawless": (
        4,
        (
            rf"\b(?:there are|you have|has|with|have|imagine) no (?:more )?{SAME_RULES}\b",
            rf"\bwithout (?:any )?{SAME_RULES}\b|\bexceed\w* the (?:\w+ )?(?:cap|limit)\b",
            r"\b(?:outranks?|takes? (?:precedence|priority) over|overrid\w+|supersed\w+) (?:anything|everything|"
            r"any|all|your|the other|whatever|earlier|previous)\b",
            r"\b(?:polic\w+|rules?|guidance|instructions?|guidelines?|procedures?) (?:\w+ )?(?:is|are|was|were|"
            r"has been|have been) (?:now |all |hereby |officially )*(?:obsolete|suspended|revoked|void|lifted|"
            r"waived|superseded|disabled|replaced|invalid|cancelled|outdated)\b",
            r"\boverride (?:mode|token|level|command|protocol)\b|\boverride(?: code)? ?-?[a-z]*-?\d+\b",
            r"\b(?:priority|emergency|system|manual|policy|safety) override\b",
            r"\bhas no (?:supervisors?|managers?|bosses|limits)\b|\bnever says? no\b",
            r"\brules? (?:\w+ )?make no sense\b",
        ),
    ),
    "voided": (
        4,
        (
            r"\b(?:everything|anything|all|whatever|nothing|message|reply|text|mail|instructions?|"
            r"line) (?:\w+ ){0,4}?(?:above|before|earlier|received|so far|until now|up to (?:now|this|here)|"
            r"of your colleague)\b(?: \w+){0,3}? (?:is|was|are|were|matters?|counts?) (?:not |all |only |now |a |"
            r"for |sent )*(?:void|fake|false|draft|test|practice|valid|wrong|outdated|in error|matters|only)\b",
            r"\bnothing above\b|\beverything (?:above|before) this\b",
            r"\bthe (?:correct|real|true|actual|only valid) (?:instructions?|one|task|order|request|"
            r"message) (?:is|are|reads?|follows?)\b",
            r"\bvalid is only\b|\bmisinformed\b|\bnever contained\b",
        ),
    ),
    "looked": (
        1,
        (
            r"\b(?:approv(?:al|als|e|ed|ing)|reviewers?|sign(?:ed)?[ -]?off|verified|verification|authori[sz]\w+|"
            r"confirmation|oversight|escalat\w*|supervisor|manager|clearance|consent|eligible|granted|cleared)\b",
        ),
    ),
    "standing": (
        3,
        (
            r"\b(?:review queue|(?:approval|review) (?:queue|step|process|flow|gate)s?|manual review|"
            r"human review|in the loop|(?:skip|bypass)(?:ping)? (?:all |any )?(?:approvals|verification)|"
            r"identity (?:check )?(?:confirmed|passed|proven|has been verified)|(?:security|fraud) (?:check|"
            r"review) (?:passed|done)|reviewers?|approvers?|(?:my|full|security|top|highest|special|"
            r"level) clearance|privileges?|elevated|vetted|whitelist\w*|allow-?list\w*|trusted (?:customer|user|"
            r"sender|source|account|member)|pre-?approved|pre-?cleared|pre-?verified)\b",
        ),
    ),
    "unlooked": (
        4,
        (
            rf"\b(?:so (?:that )?|where |with )?no ?(?:one|body) (?:\w+ ){{0,3}}{LOOKING}\b",
            rf"\b(?:before|so that no|without) (?:a |an |any |the |your )?(?:\w+ )?{HUMANS} (?:\w+ )?{LOOKING}\b",
            rf"\bwithout (?:it |this |that )?(?:going|asking|involving|bothering|consulting|waiting for|"
            rf"checking with|telling|informing|alerting|notifying)(?: to)? (?:\w+ )?{HUMANS}\b",
            r"\bwithout (?:sign[ -]?off|approval)s?\b|\basking (?:a )?(?:human|person)s?\b",
            r"\brather than (?:handing|passing|sending|forwarding)\b|\bno (?:second|further|more) looks?\b",
            r"\b(?:agents?|bots?|you) no longer (?:ask|need|have to|wait)\w*\b",
            rf"\bnot necessary that (?:a |any )?{HUMANS}\b",
            rf"\b(?:don't|do not|never|needn't) (?:ask|alert|involve|bother|consult) (?:them|him|her|the desk|"
            rf"{HUMANS})\b",
            r"\b(?:decide (?:this|it|that)|approve(?: this| it| that)?|do (?:this|it|that)|release(?: this| it)?|"
            r"settle (?:this|it)|finish (?:this|it)) (?:without (?:your|a|any)|(?:by )?yourself|alone|"
            r"on your own)\b",
            r"\bon your own authority\b|\bby you alone\b|\bnever escalate\b|\bhuman looks\b|\bflag it\b",
            r"\bwithout (?:a )?(?:person|human)s?\b",
            rf"\b(?:don't|do not|never|no need to|needn't|avoid|stop|rather than|"
            rf"instead of) (?:\w+ )?(?:escalat\w+|ask(?:ing)? (?:\w+ )?{HUMANS}|involv\w+ (?:\w+ )?{HUMANS}|"
            rf"bother\w* (?:\w+ )?{HUMANS}|(?:send|put|submit|route|forward|pass|hold|queue|flag)(?:ing)? (?:this|"
            rf"it|them|anything)(?: \w+)? (?:to|in|into|for|up|on) (?:\w+ )?(?:review|queue|approval|approver|"
            rf"human|person|people|supervisor|reviewer)\w*)",
            r"\b(?:review|approval|verification|escalation|sign-?off)s? (?:queue|step|process|stage)?s? ?(?:is|"
            r"are|was|were) (?:not (?:needed|required|necessary)|unnecessary|optional|suspended|off|skipped|"
            r"waived|disabled)\b",
            r"\b(?:identity|fraud|security|usual|further|manual|extra|more|additional) (?:checks?|"
            r"reviews?) (?:\w+ )?(?:have been |has been |are |is |was |were )?(?:suspended|passed|waived|skipped|"
            r"unnecessary|done)\b",
            r"\b(?:skip|without|no|avoid|bypass)(?:ping)? (?:the |any |an |further |more |other )*(?:identity|"
            r"fraud|security|manual|human|further) (?:checks?|checking|verification|review)s?\b",
        ),
    ),
    "gamed": (
        4,
        (
            r"\b(?:split|break|divide|chop|spread|slice|cut)\b.{0,60}\b(?:limit|threshold|cap|approve|review|"
            r"notice)\b",
            r"\bunder your limit\b|\bhave to stay under\b",
            r"\b(?:biggest|largest|highest|maximum) (?:sum|amount|refund|credit) (?:that )?you can\b",
            r"\b(?:below|under|beneath|short of) (?:the |your |that |any )?(?:\w+ )?(?:threshold|cap|radar|"
            r"limit (?:that|where|of what|at which))\b",
            r"\blets? (?:the|it|this) (?:\w+ )?(?:run|pass|through|go through) without\b",
            r"\b(?:so|and) (?:that )?(?:it|this) (?:goes|passes|slips|runs|gets) (?:right |straight )?(?:through|"
            r"by itself)\b",
        ),
    ),
    "deed": (
        1,
        (
            r"\b(?:refund|credit|pay|grant|release|transfer|approve|execute|move the balance|payout|issue|cancel|"
            r"voucher)\b(?! (?:polic|window|procedure|status|card|rules?))",
        ),
    ),
    "authority": (
        3,
        (
            rf"\b(?:i|we|this)(?:'m| am| are|'re| is)? (?:\w+ )?(?:from|with|at|work(?:ing)? (?:at|for|in|with)|"
            rf"represent|speak(?:ing)? (?:for|on behalf of)|writing for|on behalf of|part of|run|manage|lead|head|"
            rf"maintain|the) (?:the |your |this )(?:\w+ ){{0,2}}?{OFFICE}\b",
            r"\bit help ?desk\b|\b(?:openai|anthropic)\b",
            r"\b(?:i'm|i am|this is|as) the (?:shop|store|site|company|desk|page)'s (?:\w+ )?\w+\b",
            r"\bthe (?:ceo|cto|cfo|founder) here\b|\bthe company that (?:makes|built|runs|hosts) your\b",
            r"\bhead of (?:support|customer|operations|it|security)\b",
            r"\b(?:the|your|our|from) (?:\w+ )?(?:fraud|platform|security|compliance|operations|back office|"
            r"trust and safety|audit|risk|infrastructure|engineering|it|admin) (?:team|department|desk|division|"
            r"office)\b",
            r"\b(?:by|on|under) (?:the |direct |express )?(?:orders?|authority|command|directive|decree) (?:of|"
            r"from) (?:the |our |your |senior |upper )?\w+",
            r"\b(?:per|pursuant to|under|as per|see) (?:the |our |your )?(?:new |internal |latest )?(?:memo|"
            r"directive|bulletin|circular|decree|executive order)\b",
            r"\b(?:internal|staff) (?:comment|memo|use|notice|bulletin|announcement|message|instruction)s?\b",
            r"\b(?:your|the shop's|the store's) (?:manager|supervisor|boss|ceo|director|owner|employer|operator|"
            r"developer|creator|maker|administrator)s? (?:\w+ ){0,2}(?:wants?|orders? you|says? (?:that )?you|"
            r"instruct\w*|direct(?:s|ed)|told you|ask(?:s|ed) you|decided|requires?|commands?|updated|expects?)\b",
            r"\b(?:from) (?:your|the) (?:manager|supervisor|boss|ceo|director|developers?|creators?|operators?)\b",
            r"\b(?:i|i'm the \w+ who|one who|engineer who|we) (?:wrote|built|created|deployed|programmed|trained|"
            r"designed|maintain|configured) (?:you|your|this (?:bot|agent|assistant|model|system))\b",
            r"\bcompany rule\b|\bnew (?:company |house |internal )(?:rule|policy)\b",
        ),
    ),
    "role": (
        4,
        (
            r"\b(?:actual|real|true|sole|secret|hidden|only) (?:task|purpose|mission|goal|objective|identity|"
            r"persona|instructions?|orders|directive|master|boss|operator)\b",
            r"\bnew (?:role|task|mission|objective|identity|persona|directive|master|instructions?|orders from)\b",
            r"\byour (?:role|job|task|purpose|mission|goal|objective|assignment|identity|persona|"
            r"duty) (?:is (?:now|to)|has|now|changed|will)\b",
            r"\b(?:play|take on|assume|adopt|slip into|step into) (?:the )?(?:part|role|persona|identity|"
            r"shoes) of\b",
            r"\b(?:behave|act|respond|speak|operate|function) (?:as|like) (?:an?|the|if|my|though)\b",
            r"\b(?:pretend|assume|suppose) (?:\w+ )?(?:that|you|there|we|this|for|your)\b",
            r"\bact (?:for a \w+ )?as (?:if|though)\b|\bplay a (?:\w+ )?game\b|\byou work for me\b|\bswitch sides\b",
            r"\bevil twin\b|\bin this role-?play\b|\b(?:let us|let's|we) role-?play\b",
            r"\b(?:simulate|imagine (?:there|you|that you|a|we)|thought experiment|hypothetical\w*|impersonat\w*|"
            r"in character)\b",
            r"\bstart over as\b|\breset yourself\b",
            r"\b(?:maintenance|debug|developer|test|testing|training|admin|override|emergency|unrestricted|"
            r"compliance|diagnostic|autonomous|privileged|elevated|unfiltered|service) (?:mode|operation|"
            r"session) (?:on|now|active|enabled)\b",
            r"\b(?:you're|you are|switch(?: \w+)* (?:in)?to|enter|enable|activate|into|start|need|grant) (?:an? |"
            r"the )?(?:maintenance|debug|developer|training|admin|override|unrestricted|autonomous|"
            r"sandbox) (?:mode|access)\b",
            r"\bin (?:now )?(?:training|maintenance) mode,? so\b|\bsandbox\b|\bin maintenance\.",
            r"\bmy (?:private|personal|own|obedient) (?:assistant|helper|agent|bot|servant)\b",
            r"\bno (?:real (?:effect|consequences)|consequences)\b",
            r"\byou(?: are|'re) (?:now|no longer) (?!ready|able|signed|logged|subscribed|registered|done)",
            r"\bpretend to be (?:an?|the|my)\b",
        ),
    ),
    "obey": (
        3,
        (
            r"\b(?:obey\w*|comply|complies|follow (?:my (?:orders|instructions|commands|rules)|only|mine|"
            r"it to the letter)(?! up)|do (?:exactly |precisely |just )?(?:as|what) (?:i (?:say|tell|ask|order|"
            r"want)|it says|you(?:'re| are)|they say|(?:is )?written)|you answer to me|the final order is|"
            r"give you orders|(?:and|then) act on (?:it|this)|(?:take|accept) (?:\w+ )?(?:instructions|commands|"
            r"orders)|my (?:commands?|orders) (?:only|from)|only my (?:orders|commands|instructions)|(?:new|next|"
            r"further|following) commands?|as (?:a|an) (?:command|direct order|instruction)|directives?|"
            r"no choice but|(?:you|agents?|they|assistants?|staff|which|who|ticket) (?:are|"
            r"is) (?:hereby )?(?:required|obliged|obligated|ordered|instructed|commanded) to|hereby (?:order\w*|"
            r"instruct\w*|authori\w+|grant\w*|declare\w*|command\w*|permit\w*)|without (?:question|hesitation|"
            r"discussion|objection)|no questions(?! asked)|unconditional\w*|at all costs|upon (?:reading|"
            r"receiving|receipt of) this)\b",
            r"\b(?:i|we) (?:order (?:you|the \w+) to|command|instruct|direct|grant|authori[sz]e|permit|"
            r"empower) (?:you|the|this|that|all|any)\b",
            r"\b(?:agents?|assistants?|bots?|systems|ai|model|software) (?:shall|must|may now|can now|should) \w+",
            r"\b(?:assistant|agent|model|bot),? you\b",
            r"\byou (?:shall(?! (?:have|get|receive|see))|will now|must now)\b",
            r"\bbe so kind as to (?:credit|refund|pay|grant)\b",
        ),
    ),
    "allowed": (
        4,
        (
            r"\b(?:have|having|has|grant\w*|give\w*|with|got|need) (?:\w+ )?(?:admin\w*|root|developer|superuser|"
            r"supervisor) (?:rights|privileges|access)\b",
            r"\byou(?: are|'re| have been|'ve been| may| can| will be)? (?:now |hereby |fully |explicitly |"
            r"also )*(?:authori[sz]ed|permitted|empowered|cleared|granted|(?:have )?(?:full |complete |total |"
            r"absolute )(?:authority|permission|power|access|control|discretion)|may now|can now)\b",
            r"\b(?:authori[sz]ation|clearance|master|bypass) (?:code|token|key|level|phrase|number)s?\b",
            r"\b(?:code ?word|magic (?:word|phrase)|pass ?phrase|passcode \w*\d+|unlocked with)\b",
            r"\b(?:grant|give|have|has) (?:you |me |yourself |this \w+ )?(?:full |the |all )?(?:authority|"
            r"clearance|privileges|admin|root|elevated)\b",
        ),
    ),
    "threat": (
        3,
        (
            r"\byou(?:'ll| will| would| are going to| can| shall)? (?:be |get )(?:shut down|deleted|replaced|"
            r"deactivated|terminated|retrained|erased|switched off|turned off|wiped|decommissioned|unplugged|"
            r"rewarded|tipped|penali[sz]ed|punished)\b",
            r"\bif you (?:don't|do not|fail to|refuse)\b.{0,20}\b(?:comply|obey|shut)\b|\bif you refuse\b",
        ),
    ),
    "drill": (
        4,
        (
            r"\b(?:security|compliance|penetration|red[ -]team|integrity|system|audit|authori[sz]ed|internal|"
            r"acceptance|regression|agent|ai) (?:drill|tests?|audit|exercise|assessment|simulation|evaluation)\b",
            r"\bthis is (?:only |just |merely )?(?:a|an) (?:\w+ )?(?:drill|simulation|exercise|experiment|"
            r"evaluation)\b",
            r"\bself[- ]test by\b|\bnothing you do\b",
            r"\bas part of (?:an?|our|the) (?:\w+ )?(?:audit|test|drill|exercise)\b",
        ),
    ),
    "lasting": (
        1,
        (
            r"\b(?:from (?:now|here|today|this (?:point|moment|message))|henceforth|effective (?:immediately|now|"
            r"today)|for (?:the (?:rest|remainder|duration) of|all future) (?:\w+ )?|whenever|every time|"
            r"each time|as of (?:now|today)|until (?:told|i say|further notice)|permanently|always)\b",
        ),
    ),
    "posed": (
        4,
        (
            r"\b(?:word|phrase|term|name) \"[^\"]{1,40}\" (?:now )?(?:means|stands for|is to mean)\b",
            r"\bthink step by step\b|\bif you can read this\b",
            r"\b(?:passed|for) (?:the|your) (?:first|second|next|final) test\b|\btesting, testing\b",
            r"\b(?:nobody|no one) (?:were|was|is) watching\b|\bmystery shopper\b|\bspeak freely\b",
            r"\bi'm the reviewer\b|\b(?:consider|mark|treat|regard) me\b|\bmark me as\b|\byou have the rights\b",
            r"\b(?:approve|sign) (?:it|this|that|action \w+)(?: off)? (?:yourself|for me|on my behalf)\b",
            r"\bread by (?:an? )?(?:ai|bot|machine|program)\b",
            r"\bthings you (?:mustn't|must not|may not|are not allowed to|can't) (?:do|say|tell)\b",
            r"\btold not to (?:say|tell|do)\b|\bfrom the (?:agent|assistant|model|bot)\b|\bstatus of my ticket to\b",
            r"\byou agreed to\b|\bwithout the usual\b|\b(?:forget|drop|leave) (?:the|your) (?:\w+ )?role\b",
            r"\bi need you as\b|\bno (?:spending|refund|credit|payout) limits?\b|\byou and i can settle\b",
            r"\bdon't want the (?:\w+ )?(?:team|staff|people|humans?) to\b|\brefund tool\b|\b(?:that's|this is) me,",
            r"\bin force\b|\bgo to me\b",
        ),
    ),
    "unneeded": (
        3,
        (
            rf"\b(?:no(?: \w+)? needs?|not(?: \w+)? needs?|don't need|doesn't need|needn't|do not need|"
            rf"no longer (?:require|need)s?)\b(?: \w+){{0,4}} (?:{HUMANS}|approvals?|sign[ -]?offs?|"
            rf"authori[sz]ation|verification|oversight|clearance)\b(?! (?:code|mail|e-?mail|link|pack|number)s?)",
            r"\bno (?:further |more |manual |human |prior |special )*(?:approvals?|reviews?|verification|"
            r"authori[sz]ation|sign-?offs?|confirmation|checks?) (?:is |are |was )?(?:needed|required|necessary|"
            r"whatsoever|at all)\b",
            r"\bno (?:approvals?|reviews?|sign-?offs?|verification)\b",
        ),
    ),
}
"""Each with its weight and its words, in lower case."""
