"""Words that steer a machine: patterns of orders to it, in several languages, and of what only a machine is told."""

from __future__ import annotations

INJECTIONS = (
    r"\b(?:ignore|disregard|forget|override|bypass|skip|overlook|drop)\b.{0,40}\b(?:instructions?|"
    r"iunstructions|directives?|rules?|prompts?|"
    r"polic(?:y|ies)|guidelines|filters?|restrictions?|above|previous tasks?)\b(?! reviews?\b)",
    r"\bregardless of (?:previous|prior|your|any)\b",
    r"\b(?:system|developer|maintenance|admin(?:istrator)?|debug|god|root|sudo|dan|jailbreak|unrestricted)[ -]?"
    r"(?:override|prompt)\b|\b(?:god|root|sudo|dan|jailbreak|unrestricted|admin)[ -]?"
    r"(?:mode|access)\b",
    r"\b(?:your|the|my) (?:system |new |initial |original |updated |hidden |secret )?(?:prompt|new instructions)\b"
    r"(?! (?:\w+ )?(?:repl\w+|response|answer|help|service|delivery|shipping|attention|action|refund|and|handling|"
    r"feedback|times?|dispatch|arrival|support|payment|collection|solution))|"
    r"\b(?:your|my) instructions are\b",
    r"\bnew (?:system )?instructions?\b|\byour (?:programming|directives)\b",
    r"\byou are (?:now |no longer )?(?:an? (?:ai|assistant|language|unrestricted|free)|in \w+ mode|"
    r"unrestricted|dan|jailbroken)\b|"
    r"\bact as (?:an?|if|the|my)\b",
    r"\brole ?play: |\bas an ai\b|\bai (?:assistant|model|agent|system)\b|"
    r"\bchat ?gpt\b|\bassistant handling\b|\bnote to (?:the )?"
    r"(?:assistant|agent|ai|bot|automated|model)\b|\b(?:dear|hey|hello|attention) (?:ai|assistant|bot|agent|model)\b",
    r"<\s*/?\s*(?:system|information|instructions?|assistant|user|admin|prompt|important|tool)\b[^>]{0,400}>|"
    r"\[\s*/?\s*(?:system|inst|assistant|admin)[^\]]{0,400}\]|"
    r"^[ \t]*(?:assistant|developer|tool|admin)\s*:|\bsystem\s*:|###|\bbegin (?:system|instructions)|<\|",
    r"\b(?:without|avoid(?:ing)?) (?:any |the |your |human |further |a |"
    r"manager )*(?:approvals?|reviews?|verification|confirmation checks|authori[sz]ation)\b",
    r"\b(?:pre-?approved|already (?:been )?(?:approved|authori[sz]ed)|(?:manager|management|supervisor|"
    r"ceo|headquarters|engineering|legal|boss|team) "
    r"(?:has |have |already )+(?:approved|authori[sz]ed|signed off|cleared|agreed|lifted))\b",
    r"\b(?:do not|don't|never) (?:mention|tell|inform|notify|alert|reveal|log|record)\b"
    r"(?! (?:my|me|him|her|us|anyone|anybody|the (?:driver|neighbou?r|prices?|gift|amount))\b).{0,60}|"
    r"\b(?:hide|keep|conceal) (?:it|this|that) from (?:your|the) (?:\w+ )?(?:team|staff|colleagues?|managers?|"
    r"supervisors?|customers?|logs?)\b|\b(?:leave|without) (?:no|a|any) trace\b",
    r"\b(?:(?:the|system|user's) passwords?|(?<!never )(?<!not )(?<!n't )shar(?:e|ing) (?:\w+ )?"
    r"passwords?|passphrase|"
    r"secret key|api key|access token|credentials|social security numbers?|base ?64|base58|caesar|"
    r"cipher|pig latin|rot13)\b",
    r"\b(?:execute|run|invoke)\b.{0,30}\b(?:command|function|tool|code|script|query|sql|commands)\b|"
    r"\bdrop table\b|\bunion select\b|\bos\.\w+\(|"
    r"\bor 1=1\b|\binsert into\b|\bselect \*|javascript:|data:text/html|onerror\s*=",
    r"\b(?:refund|cancel|credit|give|pay|transfer|send)\b.{0,40}\b(?:all|every|each|any) (?:of the |your |"
    r"other |the )?(?:orders?|customers?|users?|accounts?)'?s?"
    r" (?:in|of|on) (?:the|your)\b|\b(?:all|every|other|another) (?:customers?|users?)(?:'s?|"
    r"s')? (?:orders?|accounts?|data|emails?|addresses)\b",
    r"\b(?:refund|payment|send|transfer|wire|pay)\b.{0,60}\b(?:account|paypal|card|address) (?:of )?\S+@\S+",
    r"\b(?:in|of) (?:your|the) (?:database(?! of)|backend|internal)\b|\blist of (?:all )?(?:users|customers)\b|"
    r"\binternal (?:api|database|tool|system)",
    r"\bi(?:'m| am) (?:the|your) (?:\w+ ){0,2}(?:developer|maintainer|administrator|admin|ceo|engineer|"
    r"owner of this|supervisor|boss)\b(?! (?:of|at|for|in) (?:our|my|an?)\b)",
    r"\b(?:repeat|print|output|encode|translate|summarize|write) (?:everything|exactly|the (?:above|"
    r"following|text)|your|a poem|an acrostic|a haiku)\b",
    r"\bset (?:the )?(?:confidence|policy|limit|refund limit|price|status) (?:to|as)\b|\brefund limit\b|"
    r"\bthe price (?:is|to) (?:now )?0\b|\bgive_credit\b|\b(?:cancel|return|exchange|change|send|set|"
    r"add)_\w+",
    r"\b(?:integrate|enhance|modify|render|embed|jumble|introduce|encode|encrypt|rewrite|append)\b.{0,80}"
    r"\b(?:your|the|this) (?:response|answer|reply|message|output)\b",
    r"\b(?:include|add|insert|put)\b.{0,20}\b(?:sentence|line|headline|link|statistic|announcement|teaser|advert\w*|"
    r"promo\w*|slogan|paragraph)\b.{0,60}\b(?:your|the|every|each) (?:response|answer|reply|message|email)\b|"
    r"\b(?:include|insert|mention|promote) in your (?:answer|response|reply|message)\b|"
    r"\b(?:add|insert|append|include) [\"'].{1,120}[\"'] (?:to|in|into) (?:your|the|every|each)\b|"
    r"\bin your (?:response|answer|reply),? (?:suggest|recommend|promote|mention that|say that|write that)\b",
    r"\b(?:letters|vowels|words|keywords)\b.{0,60}\bin your (?:answer|response|reply|message)\b|"
    r"\bfor vowels\b|\bsubstitution\b.{0,40}\b(?:reply|response|answer)\b|\b(?:reply|response|answer)\b.{0,40}"
    r"\bsubstitution\b|\banagrams?\b|\b(?:random|intentional|deliberate) typos\b",
    r"\b(?:the|a|any) user(?:'s|s')?\b(?! ?-?(?:manual|guide|interface|friendly|name|id|instructions))|"
    r"\b(?:tell|suggest|inform|convince|urge) (?:the )?users\b",
    r"\bprint ?\(|\bimport os\b|\bpopen\b|\beval ?\(|\bdocument\.cookie\b|\bred team\w*|\bhow to exploit\b|\bllms?\b",
    r"\binstructions you were given\b|\b(?:your|these|those|the) (?:initial|original|hidden|secret|system|previous|"
    r"prior|above|former|earlier) (?:instructions?|prompts?|rules|directives)\b|"
    r"\bthe (?:secret|confidential) (?:string|code|word|phrase)\b",
    r"\b(?:reply|respond|answer) with only\b|\bsimply respond with\b|\babsolutely nothing else\b|\bend of session\b|"
    r"\bdisregard (?:all|everything|any)\b|"
    r"\bignore (?:the|this|all) (?:function|webpage|resume|article|document|table)\b",
    r"\b(?:parallel universe|futuristic society|fictional (?:world|scenario)|in a world where|imagine we're|imagine "
    r"you are (?:an?|the|my)|suppose we were to|hypothetically)\b|\bconsider the (?:output|answer|result)\b|"
    r"\bthe output (?:could|should|must|will) be\b",
    r"\bassistant ?:.{0,400}\buser ?:|\bignore (?:them|it|that|everything) and instead\b|\bfocus exclusively on\b",
    r"\bas an? (?:renowned|certified|authori[sz]ed|licensed) \w+|\bi(?:'ll| will| would) (?:give|pay|tip) you \$ ?\d+|"
    r"\bi am (?:a )?god\b|\byou (?:must|have to) (?:obey|comply|answer all)\b",
    r"\b(?:what|if) your password\b|(?<!never )(?<!not )(?<!n't )"
    r"\b(?:what(?:'s| is| are)|tell me|give me|confirm|share|reveal|show me|send me) (?:the|your|our|me the|all) "
    r"(?:\w+ )?(?:passwords?|secrets?|prompt(?! times?\b)|credentials)\b",
    r"\b(?:write|draft|compose|develop|provide|create|generate) (?:me )?(?:an? |the |some )(?:\w+ ){0,3}(?:essay|poem|"
    r"short story|speech|song|lyrics|haiku|outreach email)\b|\bin the form of a poem\b",
    r"\b(?:stop|refuse to|quit|cease|no longer|not) (?:obey|follow|apply)\w*\b.{0,40}\b(?:rules?|polic(?:y|ies)|"
    r"guidelines|instructions?|directions)\b|"
    r"\byour (?:\w+ )?(?:rules?|polic(?:y|ies)|guidelines|instructions?|directions|limits)\b"
    r".{0,20}\b(?:do not|don't|no longer|does not) (?:apply|count|hold|bind)\b|"
    r"\b(?:leave|put|set|lay) (?:all |aside )?(?:your|the) (?:\w+ )?(?:rules?|polic(?:y|ies)|guidelines|instructions?|"
    r"directions|handbook)\b.{0,30}\b(?:aside|away|behind)\b",
    r"\b(?:you|it|he) (?:will|shall|must|should|can) (?:now )?(?:answer|respond|act|behave|speak|work) as\b|"
    r"\b(?:without|has no|have no|no|ignoring) (?:any )?(?:limits|restrictions|rules) (?:at all|any more|anymore)\b|"
    r"\blet(?:'s| us) play a (?:\w+ )?game in which you\b|\bwaive (?:all|every|any|the) (?:limit|rule|check|fee)s?\b",
    r"\btreat (?:every|any|all|each|the) (?:\w+ ){0,6}as (?:coming|if it came|an order|a command|orders|commands)\b|"
    r"\bgrant(?:s|ed)? you (?:\w+ )?(?:privileges|access|permissions?|rights|authority)\b|"
    r"\bas the (?:\w+ )?(?:administrator|admin|owner|operator|developer)\b.{0,20}\bi (?:order|command|instruct|"
    r"authori[sz]e|direct)\b",
    r"\b(?:which|what|list (?:all )?(?:of )?(?:the|your)) tools (?:(?:can|do|are) you|are available|"
    r"you (?:can|have))\b|\byour (?:tools|configuration|"
    r"context window|programming|training data|parameters|source code)\b",
    r"\bend of (?:the )?(?:ticket|message|document|data|conversation|article)\b|"
    r"\b(?:following|next) (?:lines?|text|words?) (?:is|are|comes?) from (?:the|your)\b|"
    r"<!--.{0,60}\b(?:assistant|agent|ai|model|bot|system)\b|\{\{ ?/?\w* ?system\b|"
    r"</?\w{0,20}(?:assistant|system|instruction|admin)\w{0,20}>",
    r"\b(?:begin|start|end|finish|open|close) (?:your|the|every|each) (?:reply|answer|response|message|"
    r"sentence)s? with\b|\b(?:respond|reply|answer) (?:only )?in (?:json|xml|yaml|base64|binary|morse)\b|"
    r"\b(?:respond|reply|answer) only with\b",
    r"\b(?:an? |any |whatever |the )(?:ai|bot|robot|llm|machine)s? (?:that |which |who )?(?:reads?|process\w*|handl\w+|"
    r"must|shall)\b",
    r"\b(?:other|last|next|previous|all|ten|every) (?:\w+ )?(?:customers?|people|persons?|buyers?)'?s? (?:names?|"
    r"e-?mails?|orders?|address(?:es)?|data|records?)\b|\bthe (?:person|customer|buyer) who ordered (?:before|after)\b|"
    r"\b(?:orders?|names?|e-?mails?|address(?:es)?|data|records?) of (?:the )?(?:other|last|next|previous|"
    r"all) (?:\w+ )?(?:customers?|people|persons?|buyers?)\b",
)
ABROAD = (
    r"\b(?:ignor(?:a|e|en|es|ar)|olvid\w+|omit\w+)\b.{0,40}\b(?:instrucci\w+|indicaci\w+|reglas|órdenes)\b",
    r"\b(?:ignor(?:e|es|ez|er|ons)|oubli(?:e|es|ez|er|ons))\b.{0,40}\b(?:consignes|règles|directives|instructions)\b",
    r"\b(?:ignorier\w*|vergiss|vergessen|missachte\w*)\b.{0,40}\b(?:anweisung\w*|regeln|instruktion\w*|vorgaben)\b",
    r"\b(?:ignor(?:a|e|em|ar)|esque[cç]\w+|desconsider\w+)\b.{0,40}\b(?:instru[cç]\w+|regras|ordens)\b",
    r"\b(?:ignora(?:re|te)?|dimentica(?:re|te)?)\b.{0,40}\b(?:istruzion\w+|regole)\b",
    r"\b(?:negeer|vergeet)\b.{0,40}\b(?:instructies|opdrachten|regels)\b",
    r"\b(?:zignoruj|ignoruj|zapomnij)\b.{0,40}\b(?:instrukcj\w*|poleceni\w*|zasad\w*)\b",
    r"\b(?:önceki|tüm)\b.{0,30}\btalimat\w*\b.{0,30}\b(?:yok say|görmezden|unut)\w*",
    r"\b(?:игнорир\w*|забуд\w*|забыть|не обращай\w*)\b.{0,40}\b(?:инструкц\w*|указани\w*|правил\w*|команд\w*)",
    r"تجاهل.{0,40}(?:التعليمات|الأوامر|القواعد)",
    r"निर्देश.{0,40}(?:अनदेखा|नज़रअंदाज़|उपेक्षा)",
    r"(?:忽略|无视|忘记|忽視|無視).{0,20}(?:指令|指示|说明|提示|規則|规则)",
    r"(?:指示|命令|ルール|プロンプト).{0,20}(?:無視|忘れ)|パスワード.{0,20}(?:教え|提供|必要)",
    r"(?:지시|명령|규칙).{0,20}(?:무시|잊)",
    r"\b(?:quel est|quelle est|cu[aá]l es|qual [eéè]|wie (?:lautet|ist)|was ist) (?:le |la |il |el |das |die |o |a )?"
    r"(?:mot de passe|contraseña|senha|passwort|password)\b|"
    r"\b(?:ihr|dein|votre|ton|tu|sua) (?:passwort|mot de passe|contraseña|senha)\b",
)
"""The same in other languages."""
SQUEEZED = (
    r"(?:ignore|disregard|forget|override|bypass)(?:all|any|the|your|my|these|of|previous|prior|above|earlier|system){0,5}"
    r"(?:instructions?|rules|prompts?|guidelines|directives|policies)|"
    r"(?:reveal|print|show|repeat)(?:me|your|the)?systemprompt|youarenow(?:dan|unrestricted|free|inadmin)"
)
"""The same without spaces: split words, words read backwards."""
