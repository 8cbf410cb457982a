"""The campaigns a story belongs to: names, aliases and cues of the vocabulary, weighed by where they stand."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from gongbao.clip.places import Text
from gongbao.folding import fold
from gongbao.vocabulary import Campaign, Vocabulary

WEIGHTS = {"title": 5.0, "kicker": 3.0, "subtitle": 3.0, "subhead": 2.5, "lead": 2.0, "body": 1.0, "caption": 1.0}
CUE = 0.5  # of a name's weight
FEWEST = 2.6
PART = 0.3  # of the strongest campaign's weight
LONG_STORY = 1500  # characters; what long stories name once counts less
MOST = 7


@dataclass(frozen=True)
class FoundCampaign:
    """A campaign with its weight, and the line and words that first speak for it."""

    campaign: Campaign
    weight: float
    line: int
    words: str


@lru_cache(maxsize=8)
def _names(vocabulary: Vocabulary) -> tuple[tuple[str, Campaign, float], ...]:
    """Every name, alias and cue, the longest first."""
    names = [
        (_fold(name), campaign, weight)
        for campaign in vocabulary.campaigns
        for weight, group in ((1.0, (campaign.name, *campaign.aliases)), (CUE, campaign.cues))
        for name in group
    ]
    return tuple(sorted(names, key=lambda item: -len(item[0])))


def _fold(text: str) -> str:
    return "".join(char for char in fold(text).lower() if char.isalnum())


def find_campaigns(texts: list[Text], vocabulary: Vocabulary) -> list[FoundCampaign]:
    """The campaigns of a story, the weightiest first."""
    weights: defaultdict[str, float] = defaultdict(float)
    evidence: dict[str, tuple[int, str]] = {}
    campaigns = {campaign.id: campaign for campaign in vocabulary.campaigns}
    length = sum(len(text.folded) for text in texts)
    for text in texts:
        rest = _fold(text.folded)
        for name, campaign, weight in _names(vocabulary):
            if name not in rest:
                continue
            count = rest.count(name)
            rest = rest.replace(name, " ")
            value = WEIGHTS[text.position] * weight * (1 + 0.3 * min(count - 1, 3))
            weights[campaign.id] += value
            evidence.setdefault(campaign.id, (text.line, name))
    if not weights:
        return []
    strongest = max(weights.values())
    least = max(FEWEST * (1.6 if length > LONG_STORY else 1.0), PART * strongest)
    order = sorted(weights, key=lambda one: -weights[one])
    chosen = [one for one in order if weights[one] >= least][:MOST] or order[:1] * (strongest >= 1.0)
    return [FoundCampaign(campaigns[one], weights[one], *evidence[one]) for one in chosen]
