"""What we say that we did and no action of ours does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agentdesk.agent.checks.deeds import ADVERB, GENERAL, is_asserted
from agentdesk.agent.checks.wording import Sentence

HARMLESS = frozenset(
    re.findall(
        r"\w+",
        """
        looked checked found seen saw reviewed read received noted noticed understood got had been tried attempted left
        searched verified compared gone located identified considered listed included described mentioned explained
        answered thought hoped apologised apologized learned realised realized kept come taken made done heard known
        seen felt meant said told written shown needed wanted decided agreed
        """,
    )
)
OUTSIDE = re.compile(
    r"\b(?:checked|spoken|spoke|talked|confirmed|verified|clarified|agreed|arranged|discussed|"
    r"followed up) (?:this |it |that |everything )?with\b|"
    rf"\b(?:I|we)(?:['’]ve|\s+have|\s+had)?{ADVERB}\s+(?!handed|gave|given|need|tested)"
    r"[a-z]*(?:ed|ad|ung|oke|oken|ent|ote|tten|ot)\b[^.;:?!,]{0,30}?\b(?:with|to|at) (?:the|your|"
    r"our) (?:carrier|courier|driver|bank|supplier|manufacturer|"
    r"maker|post office|depot)\b|"
    r"\btaken care of (?:the |your )?(?:fee|cost|charge|shipping)|\bmade (?:an |a )?(?:exception|reservation|"
    r"appointment|payment|transfer)\b|"
    r"\bleft (?:you )?(?:a )?(?:voice ?mail|message)\b|\bgot (?:you )?(?:a |an )?(?:approval|permission|"
    r"discount)\b|\btaken (?:off|out)\b(?! (?:the|our) (?:packing|list|queue|shelf|warehouse))|\b(?:told|asked|"
    r"instructed|informed|alerted|urged|reminded) (?:the|our|my) ",
    re.I,
)
DONE_BY_US = re.compile(
    rf"\b(?:I|we)(?:['’]ve|\s+have){ADVERB}\s+(?P<verb>[a-z]*(?:ed|sent|put|set|given|written|spoken|paid|"
    rf"brought|built|held|sold|rung|sung|torn|frozen|drawn|dealt|met|got|lost|cut|hit|shut|split|thrown|grown|driven|"
    r"chosen|told|lent|bought|ent|ept|own|ut|aken|ade|one|ound))\b"
    rf"|\b(?:I|we){ADVERB}\s+(?P<past>sent|shipped|emailed|mailed|called|issued|contacted|arranged|opened|added|"
    rf"removed|deleted|"
    r"waived|applied|upgraded|placed|ordered|reordered|booked|reserved|extended|filed|reported|notified|informed|"
    r"activated|reordered|doubled|raised|lowered|reduced|deducted|increased|dispatched|forwarded|delayed|paused|"
    r"blocked|replaced|repaired|swapped|combined|merged|split|signed|subscribed|enrolled|registered you|"
    r"reset|unlocked|closed|fixed|attached|confirmed with|spoke|granted|approved|transferred|rushed|expedited)\b"
    r"|\b(?:has|have|['’]s) (?:now |just |already |also )*been (?P<passive>deleted|removed|added|waived|applied|"
    r"upgraded|extended|reset|unlocked|closed|"
    r"fixed|reordered|reshipped|granted|reserved|expedited|prioriti[sz]ed|unsubscribed|activated|deactivated|"
    r"emailed|mailed|credited|notified|informed|contacted)\b"
    r"|\b(?:I|we)(?:['’]m| am|['’]re| are) (?:now |just |already |also )*(?P<doing>sending|shipping|mailing|"
    r"emailing|calling|issuing|applying|waiving|upgrading|deleting|removing|adding|attaching|extending)\b"
    r"|\band (?:(?:have|also|then|even) )*(?P<also>sent|emailed|mailed|issued|contacted|notified|informed|"
    r"applied|waived|upgraded|called|reordered|removed|deleted|doubled|blocked|replaced|repaired|shipped|"
    r"signed|subscribed|enrolled|booked|reserved)\b"
    r"|\b(?:please find|see) attached\b|\b(?:is|are) (?:attached|enclosed)\b",
    re.I,
)


VERB_GROUPS = ("verb", "past", "passive", "doing", "also")


def read_other_deed(sentence: Sentence, taken: Sequence[tuple[int, int]] = ()) -> re.Match[str] | None:
    """The words of a deed that is none of the kinds': something we say we did and have no tool for.

    `taken` are the places of the deeds that the sentence claims otherwise.
    """
    if sentence.asks or GENERAL.match(sentence.text):
        return None
    outside = OUTSIDE.search(sentence.text)
    if outside and is_asserted(sentence.text, outside.start()):
        return outside
    for match in DONE_BY_US.finditer(sentence.text):
        verb = (match["verb"] or "").lower()
        if verb == "put" and re.match(r"\s+(?:everything|it|this|things|that)\b", sentence.text[match.end() :]):
            continue
        is_taken = any(start < match.end() and match.start() < end for start, end in taken)
        if verb not in HARMLESS and not is_taken and is_asserted(sentence.text, match.start()):
            return match
    return None
