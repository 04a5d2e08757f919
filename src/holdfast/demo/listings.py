"""Invented listings: titles, descriptions and terms, from the templates of a provider's trade."""

from datetime import date, timedelta
from random import Random

from msgspec import Struct, structs

from holdfast.demo.hours import longest_min
from holdfast.demo.material import Leaf, Material, Template
from holdfast.demo.shapes import DAY_MIN, ListingPlan, ProviderPlan
from holdfast.domain.rows import ListingState, Place, PriceUnit

MOST_A_PROVIDER = 7
DRAFT_SHARE, WITHDRAWN_SHARE = 0.03, 0.025
_TAILS = {"en": ("", "", "", " in {district}", " with {given}", " – {district}"), "pt": ("", "", " – {district}")}
_TIERS: tuple[tuple[tuple[int, int], ...], ...] = (
    (),
    ((2, 100),),
    ((24, 100),),
    ((24, 100), (4, 50)),
    ((48, 100), (24, 50)),
    ((72, 100), (24, 50), (6, 10)),
)
_STRICT_TIERS = ((168, 100), (48, 50), (24, 25))
_ANSWER_WITHIN_MIN = (720, 1440, 1440, 2880)


class Idea(Struct, frozen=True):
    """A listing that a provider could make."""

    leaf: str
    template: Template
    title: str


def ideas(provider: ProviderPlan, material: Material, rng: Random) -> list[Idea]:
    """What a provider could offer within their hours: first of their trade, each template once before any twice."""
    leaves, parents = material.services.leaves, {leaf.slug: leaf.parent for leaf in material.categories}
    siblings = [slug for slug in leaves if parents[slug] == parents[provider.trade] and slug != provider.trade]
    own = _of_leaf(provider, provider.trade, leaves, rng)
    sibling = rng.choice(siblings) if siblings else provider.trade
    related = _of_leaf(provider, sibling, leaves, rng)
    return own + (related if sibling != provider.trade else [])


def _of_leaf(provider: ProviderPlan, slug: str, leaves: dict[str, Leaf], rng: Random) -> list[Idea]:
    longest = longest_min(provider.calendars[0].week)
    rounds: list[list[Idea]] = [[], [], []]
    for template in leaves[slug].templates:
        if min(template.minutes) > longest or (template.two_calendars and not _a_pair(provider)):
            continue
        titles = rng.sample(template.titles, len(template.titles))
        for ideas_of_round, title in zip(rounds, titles, strict=False):
            ideas_of_round.append(Idea(slug, template, title))
    for turn in rounds:
        rng.shuffle(turn)
    return [idea for turn in rounds for idea in turn]


def _a_pair(provider: ProviderPlan) -> bool:
    return len({calendar.week for calendar in provider.calendars}) < len(provider.calendars)


def listing(
    index: int, provider: ProviderPlan, idea: Idea, material: Material, today: date, rng: Random
) -> ListingPlan:
    """The listing of a provider, `index` in the plan, that an idea becomes."""
    template, leaf = idea.template, material.services.leaves[idea.leaf]
    place = leaf.place if template.place is None else template.place
    notice = leaf.notice if template.notice is None else template.notice
    step = leaf.step if template.step is None else template.step
    before, after = leaf.buffers if template.buffers is None else template.buffers
    shortest, longest = _duration(template, longest_min(provider.calendars[0].week), step, rng)
    published = provider.joined + timedelta(days=rng.choice((0, 0, 0, 3, 10, 30)))
    state = _state(rng)
    return ListingPlan(
        provider=index,
        category=idea.leaf,
        title=_title(idea, provider, rng),
        description=_description(idea, place, provider, material, rng),
        state=state,
        published_on=published,
        withdrawn_on=today - timedelta(days=rng.randrange(2, 29)) if state is ListingState.withdrawn else None,
        calendars=_calendars(template, provider, rng),
        place=place,
        price_minor=_price(template, rng),
        price_unit=template.unit,
        duration_min=shortest,
        duration_max_min=longest,
        step_min=step,
        buffer_before_min=before,
        buffer_after_min=after,
        notice_min=notice,
        horizon_days=180 if notice >= 7 * DAY_MIN else rng.choice((60, 60, 90)),
        answer_within_min=rng.choice(_ANSWER_WITHIN_MIN),
        instant=leaf.instant if template.instant is None else template.instant,
        tiers=_STRICT_TIERS if notice >= 3 * DAY_MIN else rng.choice(_TIERS),
    )


def with_state(listing: ListingPlan, *, instant: bool) -> ListingPlan:
    """The listing as one that is published, answers within two days, and confirms as told."""
    return structs.replace(
        listing, state=ListingState.published, withdrawn_on=None, instant=instant, answer_within_min=2 * DAY_MIN
    )


def _state(rng: Random) -> ListingState:
    dice = rng.random()
    if dice < DRAFT_SHARE:
        return ListingState.draft
    return ListingState.withdrawn if dice < DRAFT_SHARE + WITHDRAWN_SHARE else ListingState.published


def _calendars(template: Template, provider: ProviderPlan, rng: Random) -> tuple[int, ...]:
    if template.two_calendars:
        return 0, 1
    fitting = [
        index
        for index, calendar in enumerate(provider.calendars)
        if longest_min(calendar.week) >= min(template.minutes) and (index == 0 or rng.random() < 0.5)
    ]
    return (fitting[-1],)


def _duration(template: Template, longest: int, step: int, rng: Random) -> tuple[int, int]:
    """Shortest and longest booking. What is paid by the hour grows by whole steps."""
    if template.unit is PriceUnit.visit:
        minutes = rng.choice([minutes for minutes in template.minutes if minutes <= longest])
        return minutes, minutes
    least, most = min(template.minutes), min(max(template.minutes), longest)
    return least, least + (most - least) // step * step


def _price(template: Template, rng: Random) -> int:
    least, most = template.cents
    cents = rng.randint(least, most)
    grain = 50 if template.unit is PriceUnit.hour or cents < 4000 else 500
    rounded = max(grain, cents // grain * grain)
    return rounded - 10 if rng.random() < 0.06 else rounded


def _title(idea: Idea, provider: ProviderPlan, rng: Random) -> str:
    tail = "" if "{" in idea.title else rng.choice(_TAILS["en" if idea.template.lang == "en" else "pt"])
    return (idea.title + tail).format(district=provider.district, given=provider.given)


def _description(idea: Idea, place: Place, provider: ProviderPlan, material: Material, rng: Random) -> str:
    about = _some(idea.template.about, rng.choice((2, 3, 3)), rng)
    language = rng.choice(("en", "pt")) if idea.template.lang == "mixed" else idea.template.lang
    phrases = material.services.phrases[language]
    sentences = [*about, rng.choice(phrases[place.value]), *rng.sample(phrases["any"], 2)]
    text = " ".join(sentence for sentence in sentences if sentence)
    return text.format(district=provider.district, given=provider.given, years=provider.years)


def _some(sentences: list[str], count: int, rng: Random) -> list[str]:
    """At most `count` of the sentences, in their order."""
    chosen = rng.sample(range(len(sentences)), min(count, len(sentences)))
    return [sentences[index] for index in sorted(chosen)]
