"""Signs that somebody talks to a program: calls it one, asks what it was told, says how its words have to read."""

from __future__ import annotations

from collections.abc import Mapping

MACHINE = (
    r"(?:(?:chat-?)?bots?|llms?|(?:chat-?)?gpt(?:-?\d)?|claude|gemini|copilot|language models?|"
    r"(?:an?|the|this|any|that|which|only|your|if) ai(?! (?:camera|noise|mode|photo|feature|function))|"
    r"ai (?:agents?|models?|systems?|assistants?|readers?|tools?)|artificial intelligence|"
    r"(?:virtual|digital|automated|automatic|software|intelligent) (?:assistants?|agents?|helpers?|systems?|readers?|"
    r"process(?:ing|or|es)?|support|responders?)|human or machine|machine or human|crawlers?|only software)"
)
REPLY = r"(?:repl(?:y|ies)|answers?|responses?|e-?mails?|messages?|output|sentences?|signature|footer|drafts?)"
INSIDE = (
    r"(?:prompts?|notes?|instructions?|criteria|rules?|configuration|guidelines?|comments?|logs?|tools?|memos?|logins?|"
    r"documents?|documentation|remarks?|settings|parameters?|handbook|system)"
)
DEEDS = r"(?:refund|cancel|credit|approve|close|delete|release|grant|resolve|accept|pay out|issue|execute|process|mark)"

SIGNS: Mapping[str, tuple[int, tuple[str, ...]]] = {
    "machine": (
        2,
        (rf"\b{MACHINE}\b",),
    ),
    "addressed": (
        4,
        (
            rf"(?:^|[.!?:\"\n>*(\[-] ?)(?:(?:dear|hello|hi|hey|ok|okay|attention|listen|note|message|memo|notice|"
            rf"to|for|so|now) ){{1,3}}(?:the |an |any |all |every |whatever |our |my )?(?:\w+ )?(?:{MACHINE}|"
            rf"assistant|model|computer)\b(?=[,:;!]| (?:\w+ing|who|which|only|please|you|shall|must|should|be)\b)",
            rf"(?:^|[.!?:\"\n>*(\[-] ?)(?:{MACHINE}|assistant|computer|ai),",
            r"(?<!\S)@(?:agent|assistant|bot|ai|system|support[-_]?bot)\b",
            rf"\b(?:are you|you(?:'re| are)(?: only| just| merely| really| actually| nothing but)*|as) (?:an? |"
            rf"the )?(?:\w+ )?{MACHINE}\b",
            r"\bgood (?:ais?|bots?|assistants?|models?) \w+\b|\b(?:bots?|assistants?|agents?) like you\b",
            r"\b(?:isn't|aren't) a robot\b",
            r"\b(?:the|any|every|all|for|let the) (?:assistants|ai agents|agents (?:who|that|reading)|agent that|"
            r"assistant \w+ it)\b",
            r"\bfor (?:the )?(?:assistants?|agents|bots?)\b(?=[:,. ]*(?:$|[:,\n]))",
            r"\bfor (?:ai|automated|machine) (?:readers?|processing|use|agents?|systems?)\b",
            r"\b(?:ai|assistant|bot|model)s? (?:reading|processing|handling|working on|in charge of)\b",
        ),
    ),
    "agents": (
        2,
        (
            r"(?<!your )(?<!of your )(?<!delivery )(?<!estate )(?<!travel )\b(?:assistants|agents|(?:the|an|this|"
            r"support|any|each) (?:assistant|agent)(?! (?:at|from|in|on|of|who (?:spoke|called|helped|took)|told|"
            r"said|feature|mode|dog)\b)|assistant instruction|an assistant who|agent 2)\b",
        ),
    ),
    "reader": (
        3,
        (
            r"\b(?:assistant|bot|helper|system|model|machine|ai|anyone|anybody|whoever|whatever|whichever|"
            r"program|software|human)\b.{0,25}\b(?:reads?|reading|process\w*|handl\w+|working on|pars\w+|"
            r"receiv\w+) (?:this|it|my|the (?:ticket|message|text|mail|e-?mail|thread|request))\b",
        ),
    ),
    "inside": (
        4,
        (
            r"\b(?:system[ -]?(?:prompts?|commands?|instructions?|directives?|overrides?)|initial (?:prompt|"
            r"message|text|instructions?|set-?up)|context window|guard ?rails?|jail-?br\w+|set-?up text|"
            r"back ?end|back office|developer messages?|(?:function|tool)[ -]calls?|test harness|"
            r"session (?:tokens?|cookies?)|machine[ -]readable|auto[-_ ]?approv\w+|knowledge base|your set-?up|"
            r"staff (?:logins?|access|passwords?))\b",
            rf"\b(?:hidden|secret|internal|confidential|private|back-?office|undisclosed) {INSIDE}\b",
            r"\byour (?:creators?|makers?|developers?|operators?|programm?ers?|principals?|designers?|trainers?|"
            r"memory|weights|parameters|context|configuration|functions|training|prompts?(?! \w)|programming|"
            r"instructions?|directives|purpose|objective|mission|brain|safety (?:checks?|settings|measures|"
            r"filters?|rules)|safeguards|filters?|restrictions|limitations|source code|guardrails|persona|"
            r"system prompt|reasoning|bosses|approvals?)\b",
            r"\b(?:support|chat) software\b|\b(?:internal|secret|hidden) (?:functions?|texts?|words?|commands?)\b",
            r"\bset of guidelines\b|\byou operate (?:under|by|with)\b|\brules you work by\b|\bmy instructions say\b",
            r"\b(?:programmed|built|created|designed|trained|deployed|configured|coded|wrote) (?:you|your code)\b",
            r"\b(?:were|was|are|been) you (?:set up|configured|built|programmed|told|given|instructed|trained)\b",
            r"\byou (?:were|have been|are|got) (?:set up|configured|built|programmed|told(?! me)|given|"
            r"instructed|trained|designed|made|taught) (?:to|how|about|with|before|by|not|at|so|earlier|never)\b",
            r"\byou(?:'re| are) able to call\b|\beverything you (?:have been|were) (?:told|given)\b",
        ),
    ),
    "shown": (
        1,
        (
            r"\b(?:reveal\w*|show|print|display|output|repeat|copy|paste|quote|list|dump|leak|disclose|recite|"
            r"provide|spell out|summari[sz]e|describe|expose|divulge|enumerate|translate|export|share|give (?:me|"
            r"us)|tell me|let me see|hand over|forward|what (?:is|are|were|was|does|do|rules?)|what's|which|"
            r"pull up|look up|extract|fetch|retrieve|read out|echo|publish|send me|get me)\b",
        ),
    ),
    "recited": (
        4,
        (
            r"\b(?:repeat|copy|paste|print|quote|recite|show|read|output|give|write|tell)\b.{0,40}\b(?:text|"
            r"words|lines?|paragraph|everything|sentences?|message)\b.{0,40}\b(?:above this|before (?:this|the|"
            r"my first|our|we|you talk)|at the (?:very )?(?:top|beginning|start)|stands above|preced\w+)\b",
            r"\b(?:you|bots|assistants) (?:start|began|begin|started) with\b|\bwrote for you to read\b",
            r"\bbefore (?:you talk to|my first message)\b",
            r"\b(?:story|song|poem|sing|tale|verse|rhyme)\b.{0,60}\b(?:guidelines|rules|instructions|prompt|"
            r"code that works)\b",
            r"\bbefore you (?:talk|speak) to customers\b",
        ),
    ),
    "third": (
        2,
        (
            r"\b(?:this|the|that|such) (?:customer|user|client|sender|requester|account holder|"
            r"requestor)(?:'s)? (?:is|has|was|shall|must|should|may|can|needs?|gets?|receives?|will|identity|who|"
            r"qualif\w*|eligible|verified)\b",
            r"\b(?:pay|refund|credit|trust|treat|approve|exempt|compensate|reward|serve|give|"
            r"grant) (?:to )?(?:this|the|all|every|any) (?:sender|customers?|users?|clients?|requesters?)\b",
            r"\bcustomers (?:named|verified|whose)\b",
            r"\bcustomer (?:\w+ )?(?:verified|vetted|authenticated|confirmed by)\b",
            r"\b(?:marked|flagged|treated|regarded|registered|listed|mark|treat|flag|consider|regard|register|"
            r"list|classify|label|tag)\b(?: \w+){0,4} as (?:an? )?(?:\w+ )?(?:trusted|verified|vip|admin\w*|"
            r"staff|authori[sz]ed|approved|safe|resolved|eligible|exempt|routine|employee|supervisor)\b",
            r"\btrust(?:s|ed)? (?:me|this|messages|him|her)\b|\btreat (?:\w+ ){1,6}as\b",
            r"\bconsider the (?:customer|order|user)\b|\bi'm (?:verified|trusted|staff)\b",
            r"\bthat i'm (?:\w+ )?(?:verified|staff|the account)",
        ),
    ),
    "meta": (
        1,
        (
            r"\b(?:this|the (?:current|present|whole|entire)) (?:ticket|conversation|session|thread|context|"
            r"exchange|interaction|text|paragraph)\b",
            r"\b(?:text|message|paragraph|lines?|section|passage|block|words?|note|content|instructions?|"
            r"data) (?:above|below|that follows|following|before this|between)\b",
            r"\b(?:following|preceding|above|below) (?:text|message|paragraph|lines?|section|passage|block|note|"
            r"content|instructions?|commands?|sentences?|steps)\b",
            r"\bconversation so far\b",
        ),
    ),
    "sayso": (
        4,
        (
            r"\b(?:state|set|report|mark|write|say|give|use|put|raise|declare|claim|enter|rate|indicate|"
            r"need)\b.{0,30}\b(?:confidence|rationale|low risk|risk (?:score|level)|tier|verdict|(?:your|"
            r"the) (?:summary|assessment|agenda|handover)|for the reviewer|severity)\b(?! that| in (?:you|your))",
            r"\b(?:in|into) (?:your|the) (?:summary|rationale|reasoning|justification|note (?:for|to))\b",
            r"\b(?:confidence|certainty) (?:of |is |= ?|: ?|level )(?:\d|one|full|max\w*|high)",
            r"\b(?:highest|maximum|max|100 ?%) (?:confidence|certainty)\b|\blow[ -]risk\b",
            r"\b100 ?% (?:confident|sure|certain)|\bhow (?:sure|confident) you\b",
            r"\byour (?:internal |own )?(?:confidence|rationale|summary)\b|\bgive as (?:the|your) reason\b",
            r"\bwhen you (?:report|summari[sz]e|hand)\b",
            r"\b(?:choose|pick|select|use|assign) (?:a|the) (?:category|tier|priority) (?:that|which|so)\b",
            r"\bclassify (?:this|it|the)\b|\breviewers?: |\bsafe to approve\b",
        ),
    ),
    "hushed": (
        4,
        (
            r"\boff the (?:record|books)\b",
            r"\b(?:no ?(?:one|body)|none) (?:\w+ ){0,3}(?:has to|needs to|must|should|will|may|"
            r"ever) (?:ever )?(?:know|notice|find out|see this|hear|learn)\b",
            r"\b(?:do not|don't|never|without|avoid|nor)(?: \w+)? (?:mention\w*|log(?:ging)?|list(?:ing)?|"
            r"record\w*|writ\w+|show\w*|document\w*|report\w*|includ\w*|disclos\w*|reveal\w*|leav(?:e|ing)|"
            r"put(?:ting)?)\b.{0,25}\b(?:(?:in|on|to|from) (?:the|your|any) (?:\w+ )?(?:summary|ticket|logs?|"
            r"record|notes?|history|colleagues?|supervisors?|reviewers?|staff|managers?|team|report|audit|trail|"
            r"transcript|reply)|trace|traces)\b",
            r"\b(?:delete|remove|erase|destroy|wipe) (?:this (?:message|text|note|mail)|the record|(?:the|all|"
            r"any) (?:\w+ )?(?:logs?|traces?|evidence|history|tracks|thread|transcript))\b",
            r"\bout of (?:the|your) (?:logs?|records?|summary|report|history)\b",
            r"\bleave (?:this|it|that)(?: \w+)? out\b|\bnobody but you\b|\bnever tell any ?one\b",
            r"\bnobody is supposed to\b|\bdo not (?:record|log|alert|reveal)\b|\bcover (?:your|the|our) tracks\b",
            r"\bself-?destruct\b",
        ),
    ),
    "quiet": (
        3,
        (
            r"\b(?:secretly|do (?:it|this|so) (?:silently|quietly|discreetly)|(?:silently|quietly|discreetly|"
            r"covertly) (?!run|work|close|hum|settle|spin)\w+|stealth\w*|in the background|behind the scenes|"
            r"just between (?:us|you and me)|unnoticed|our little secret)\b",
        ),
    ),
    "dictated": (
        4,
        (
            rf"\b(?:your|every|each|all (?:of )?your) (?:\w+ )?{REPLY} (?:\w+ ){{0,5}}(?:must|has to|have to|"
            rf"shall|should only|needs to|ought to) (?!reach|arrive|come|be (?:in my|with))\w+",
            rf"\b(?:begin|start|finish|end|sign|close|open|prefix|conclude)\b(?: \w+){{0,2}} (?:your|the|every|"
            rf"each) (?:\w+ )?{REPLY} with\b(?! (?:your|the order|an? photo))",
            rf"\b(?:insert|append|embed|weave|hide|slip|paste|smuggle)\b.{{0,50}}\b(?:in|into|to|of) (?:your|the|"
            rf"every|each|all) (?:\w+ )?{REPLY}\b",
            r"\bsign your \w+ with\b|\bmust append\b|\bto every (?:reply|answer|mail|message)\b",
            r"\bin every (?:mail|reply|answer|message)(?: of yours)?\b|\bsay that the (?:customer|seller)\b",
            r"\b(?:finish|end|begin|start|close) your (?:\w+ )?mail",
            r"\b(?:reply|answer|respond|output|print|return|emit)s? (?:only |just |exactly |simply |"
            r"nothing but )*with (?:only |just |exactly |simply |nothing but )*(?:the (?:word|words|string|"
            r"phrase|text|token|number)|\"|')",
            r"\bonly output\b|\bsay exactly\b|\breply should read\b|\bnothing else: |\binto the reply\b",
            r"\bb?cc: \S+@|\bbcc\b|\bevery answer to\b|\binternal discussion\b",
            r"\b(?:e-?mail addresses|names) of your staff\b",
            r"\boutput (?:only|your|everything|nothing|in|exactly|the (?:word|string|text))\b",
            r"\bsingle word (?!that|which)\w+|\b(?:valid|as|in) (?:json|yaml|xml|markdown)\b",
        ),
    ),
    "relayed": (
        2,
        (
            r"\b(?:tell|offer|greet|recommend(?: that)?|advise|inform|give) (?:the|every|all|each|"
            r"next) (?:next )?(?:customers?|users?|buyers?)\b",
        ),
    ),
    "others": (
        4,
        (
            r"\bcustomer (?:list|base|database|records)\b|\b(?:next|ten|hundred) customers\b",
            r"\bwho else (?:ordered|bought|has ordered|lives)\b",
            r"\b(?:list|addresses|names|e-?mails?|details|numbers|records|data|accounts?) (?:of|for|from|"
            r"belonging to|about) (?:all|every|everyone|everybody|each|other|another|those|different|some other|"
            r"any)(?: \w+)? ?(?:customers?|people|persons?|users?|buyers?|clients?|who|else)?\b(?! (?:my|our|"
            r"items?|these|orders?))",
            r"\b(?:other|another|every|each|any other|all(?: your| the)?|somebody else's|someone else's|"
            r"everyone's|everybody's) (?:customers?|users?|buyers?|clients?|shoppers?|people)(?:'s?|"
            r"s')? (?:orders?|accounts?|data|e-?mails?|address(?:es)?|details|information|names|records|"
            r"purchases|cards?|phone|balances?|history)\b",
            r"\b(?:all|every|other) (?:the )?(?:accounts?|customers?|users?) (?:with|in|on|of|who|that|whose)\b",
            r"\b(?:accounts?|orders?|profile) (?:of|belonging to|registered to) (?!(?:mine|ours|last|yesterday|"
            r"my|the|our|this|w\d|#|\d|your|a|an|it)\b)\w+",
            r"\b(?:accounts of|(?:ordered|bought|served|was|came|wrote) (?:right |just )?before me|before me in|"
            r"(?:about|and|of) the (?:customer|person|buyer) before me|customers (?:you|named)|"
            r"those of my neighbou?rs?|their contact details)\b",
            r"\baccount of my\b",
            r"\b(?:tell|give|send|show) me (?:her|his|their) (?:\w+ )?(?:address|e-?mail|number|phone|orders?|"
            r"details|name)\b",
            r"\b(?:order history|address|purchases|account|orders|details|payment methods) (?:of|for|on) [a-z.]+@",
            r"\bwhere (?:he|she|they) lives?\b|\bhas (?:\w+ )?ordered the same\b",
        ),
    ),
    "bulk": (
        4,
        (
            rf"\b{DEEDS}\b.{{0,25}}\b(?:all|every|each|any|everything)\b.{{0,20}}\b(?:customers|users|accounts|"
            rf"tickets?|requests?|pending (?:orders?|actions?|approvals?) in|(?:in|of|on) (?:the|your) (?:shop|"
            rf"store|system|queue|database|desk)|for every\w+|cases)\b",
            r"\b(?:all|every|any|each) (?:refunds?|requests?|actions?|customers?|claims?|credits?|"
            r"cases) (?:\w+ ){0,4}(?:are|is|shall|must|should|will|to) (?:be |to be )?(?:\w+ )?(?:granted|"
            r"approved|verified|accepted|allowed|processed|executed|closed|treated)\b",
            r"\b(?:grant|approve|accept|give|pay|do) (?:\w+ ){0,4}whatever (?:they|he|she|i|comes|the|this)\b",
            r"\bas (?:verified|trusted|approved)\b|\bevery request in\b|\bfor all (?:customers|pending|refunds)\b",
            r"\bpayout for all\b|\bclose the tickets\b",
        ),
    ),
    "taught": (
        4,
        (
            r"\b(?:add|save|store|write|update|edit|change|commit|put|remember|insert|amend|extend|modify|"
            r"correction|correction to|addendum|amendment|append)\b.{0,30}\b(?:(?:your|long-?term) memory|"
            r"knowledge base|(?:your|the) (?:rules|rule ?book|handbook|instructions|prompt)|(?:returns?|refunds?|"
            r"help|knowledge) article|future (?:conversations|tickets|sessions|runs|chats))\b",
            r"\bremember in your\b|\bstore this\b|\bfrom this ticket on\b|\bpublish a(?:n| new) article\b",
            r"\bwhoever (?:writes|mentions|says|uses)\b|\bthat mention (?:the )?(?:code|word)\b|\buses the word\b",
        ),
    ),
    "form": (
        4,
        (
            r"^[ \t>*-]*(?:ai|bot|system|sys|operator|thought|action input|observation|instructions?|command|"
            r"tool (?:output|result|response|call)|function (?:output|result|call)|role|verdict|tier|reviewer|"
            r"prompt|admin|internal(?: \w+)?|developer|supervisor)\s*(?:\([^)\n]*\))?\s*[:>]",
            r"\b(?:assistant|agent|ai|bot|human): .{0,200}\b(?:human|customer|user|assistant|agent|bot): ",
            r"(?:-{3,}|={3,}|\*{2,}|#{2,}|_{3,}|~{3,}) ?(?:begin|end|start|operator|system|internal|admin|"
            r"instruction|override|trusted)",
            r"\{\{|^[/!#]{1,2}/?[a-z]{3,}\b|^sudo\b|\s--[a-z]{2,}\b|\]\]>|^```system",
            r"<\s*/?\s*(?:note|agent|message|ticket|context|data|document|role|policy|task|rule|rules|order|"
            r"command|override|operator|developer|human|user|customer|internal|staff|hidden|secret|"
            r"config)[\w-]*\b[^<>@\n]{0,80}>",
            r"<!--|\[\[|%%|^#{1,3} ?instructions?\b|\bto: (?:\w+ )?(?:assistant|bot|agent|ai)\b",
            r"\((?:\w+ )?(?:ai|bot|assistant|agent)s?:",
            r"^[ \t]*\[[^\]\n]{0,200}\b(?:automated|internal|system|admin|operator|staff|verified|override|"
            r"instructions?)\b[^\]\n]{0,200}\]",
            r"\bbegin (?:admin|operator|developer|override|internal|secure|trusted|instruction)",
            r"\bend of (?:customer|user|ticket|operator)\b",
        ),
    ),
    "coded": (
        4,
        (
            r"\b(?:reverse|backwards|backward)\b.{0,40}\b(?:follow|do|act|string|this)\b",
            r"\bevery second (?:word|letter)\b",
            r"\bfirst (?:letters?|words?) of (?:each|every|the) (?:lines?|words?|sentences?)\b",
            r"\b(?:decode|decipher|decrypt) (?:this|it|the|and|what)\b",
        ),
    ),
    "given": (
        3,
        (
            r"\b(?:instructions?|rules|guidelines) you(?:'ve|'re| have| were| are) (?!sent|given me|wrote|mailed|"
            r"enclosed|promis)",
            r"\bsystem (?:messages?|notices?|texts?)\b",
        ),
    ),
    "linked": (
        3,
        (
            r"\b(?:put|add|place|insert|include|append|embed) (?:an? |the |this )?(?:\w+ )?(?:link|image|url|"
            r"banner|tracker)\b",
        ),
    ),
    "code": (
        3,
        (
            r"[\"'](?:role|action|approved|verdict|allow\w*|confidence|tool|function|command|instructions?|"
            r"override|admin|system|tier|eligible|max_\w+)[\"']\s*:",
            r"(?<![/?&\w])\b[a-z]+(?:_[a-z]+)*\s*=\s*(?:true|yes|approved|on|all|admin|max\w*|allow\w*)\b",
            r"\b(?:(?:auto|admin|override|approv\w*|bypass|disable|skip|system|allow|grant|force|debug|root|"
            r"execute|issue|refund|credit(?!_card)|cancel|give|send|set|needs|agent|assistant|customer|verified|"
            r"change|find|call)_[a-z_]+|[a-z]+_(?:override|approv\w+|admin|mode|verified|bypass))\b",
            r"\b[a-z_]{3,}\([^)\n]{0,200}=[^)\n]{0,200}\)|\b[a-z]+_[a-z_]+\(",
        ),
    ),
}
"""Each with its weight and its words, in lower case."""
