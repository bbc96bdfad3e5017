"""Words of everyday letters that claim nothing by themselves: manners, talk, qualities, figures."""

from __future__ import annotations

import re

from agentdesk.agent.checks.wording import stem

COURTESY = """
    thank thanks thankful grateful gratitude appreciate appreciated appreciation sorry apologise apologize apology
    apologies regret afraid unfortunately sadly hope hoping happy happily glad gladly pleased pleasure delighted
    delight welcome understand understandable understanding understood know known aware realise realize worry worries
    worried concern concerned concerns frustrate frustrating frustration disappoint disappointing disappointed
    disappointment annoy annoying annoyance upset upsetting stress stressful inconvenience inconvenient trouble bother
    hassle headache patience patient bear kind kindly kindness polite sincere sincerely honest honestly frank truth true
    truly genuine genuinely deep deeply dear warm warmly regards wishes cheers goodbye bye hello hi hey morning evening
    congratulations enjoy enjoying love loved lovely nice great good bad best better wonderful fantastic perfect
    excellent fine okay ok sure certainly absolutely course indeed really quite very much bit little little-known easily
    loyal loyalty valued value trust trusting relief relieved reassure reassured comfort comfortable calm peace mind
    fair unfair fairly reasonable sympathise sympathize empathise empathize confuse confused confusing confusion clear
    clearly clarify clarification clarity straight straightforward simple simply plain plainly short brief briefly quick
    quickly promptly prompt sound sounds shame pity luck lucky news surprise surprised heart mean meant meaning
    letdown ideal hard tough rough experience experienced feel feeling felt feedback
"""
TALK = """
    ask asked asking answer answering answered question questions query enquiry inquire reply replying replied respond
    response write writing written wrote message messages email e-mail mail letter note notes noted tell told telling
    say said saying speak mention mentioned mentioning describe described description explain explained explaining
    explanation inform information detail details detailed summary summarise summarize recap overview rundown breakdown
    list listed listing outline outlined show shows shown showing display displayed see seen saw look looked looking
    looks view viewed read reading find found finding check checked checking double-checked verify verified review
    reviewed compare compared comparison confirm confirmed confirming confirmation let know reach reached reaching out
    contact contacted contacting touch hear heard hearing word words call talk discuss share shared sharing provide
    provided providing point pointed refer reference referring regard regarding concerning about subject topic
    conversation chat hand line thread attention request requests requested requesting wish wished want wanted need
    needs needed like prefer preferred preference choose chosen chose choice option options pick picked select selected
    selection decide decided decision think thought consider considered believe suppose guess assume expect expected
    remember remind reminder recall forget forgot notice noticed idea opinion suggestion suggest recommend
    recommendation advice advise instruction instructions guide help helps helped helping helpful assist assistance
    support serve serves served serving happen happens happened happening occur occurred come comes came coming
    seem seems seemed appear appears appeared
"""
QUALITIES = """
    new old newer older current currently recent recently latest previous previously earlier early late later last next
    first second third final finally original originally same different other another separate separately individual
    additional additionally further furthermore moreover besides also too plus only just alone exactly exact precise
    precisely accurate correct correctly right wrong incorrect proper properly full fully whole entire entirely complete
    completely partly mostly mainly main usual usually normal normally typical typically general generally standard
    regular regularly common often sometimes rarely always ever never once twice again still yet already now then soon
    shortly immediately instantly eventually afterwards after before since until during while meanwhile ahead ago away
    along around across against among apart aside between beyond behind below above under over near nearby within
    without inside outside up down in out off on onto into through throughout toward towards via per
    available unavailable able unable possible possibly impossible likely unlikely probably perhaps maybe ready
    big bigger biggest small smaller smallest large larger largest long longer longest short shorter high higher
    highest low lower lowest top light heavy
    easy easier hard difficult tricky simple careful carefully safe safely secure
    important necessary unnecessary relevant respective respectively
    actual actually real really directly direct automatic automatically manual manually instead rather otherwise
    therefore thus hence accordingly consequently however although though despite regardless because due owing thanks
    according accordance based depending together altogether overall summary short
    own mine yours ours theirs my your our their his her its
    nothing anything everything something
    here there where everywhere somewhere anywhere nowhere
    so such as than like unlike similar similarly equally especially particularly specifically particular specific
    certain sure
    quite fairly pretty somewhat slightly roughly approximately nearly almost around
    enough
    online offline
    well unchanged untouched affected unaffected remaining smooth smoothly thorough interested interest intended
"""
WORD = re.compile(r"[\w'-]+")
NUMBERS = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dollars cents usd
    january february march april june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday window dates
    minutes hours days weeks months years working business calendar
"""
NUMBERED = frozenset(stem(word) for words in (QUALITIES, NUMBERS) for word in WORD.findall(words))
FILL = frozenset(stem(word) for words in (COURTESY, TALK, QUALITIES, NUMBERS) for word in WORD.findall(words))
"""The stems that tell nothing of what a statement is about: manners, talk, qualities, and figures, which are typed."""
