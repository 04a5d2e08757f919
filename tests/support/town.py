"""A town with people and listings, whose pages somebody visits: each helper is a few clicks of one of them."""

import re
import uuid

from holdfast.core.envelope import Sender, envelop
from holdfast.core.offers import OFFER_US, sign_offer
from holdfast.domain import commands as c
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.rows import SYSTEM, CategoryId, ListingId, MemberId, Place
from support.api import MONDAY, SECRETS
from support.history import terms
from support.site import Browser, SiteServed

START = Instant(MONDAY + 3 * DAY_US + 10 * HOUR_US)
"""Thursday, 5 November 2026, 10:00 in Lisbon."""
SESSION = "holdfast"


class Town:
    """Carla, who books; Dora, who is faster; Paulo, whose listings are `instant`, `asked` and `visiting`."""

    def __init__(self, served: SiteServed, browser: Browser) -> None:
        self.served, self.browser, self.clock, self.market = served, browser, served.clock, served.market
        self.ids = {name: served.api.join(name) for name in ("Carla", "Dora", "Paulo")}
        category = self.made(SYSTEM, c.AddCategory(None, "hair", "Hair", 1))
        every_day = [day * 1440 + 480 for day in range(7)]
        chair = c.MakeCalendar("Chair", "Europe/Lisbon", every_day, [start + 720 for start in every_day])
        words = c.Description("Haircut", "With scissors.", "Baixa", "Rua 1", 38_710_000, -9_140_000)
        paulo = self.ids["Paulo"]
        calendar = self.made(paulo, chair)

        def listed(**changed: object) -> str:
            draft = c.DraftListing(CategoryId(category), words, terms(calendar, **changed))
            listing = self.made(paulo, draft)
            self.made(paulo, c.PublishListing(ListingId(listing)))
            return listing

        self.instant, self.asked, self.visiting = listed(), listed(instant=False), listed(place=Place.customer)

    def made(self, actor: str, command: c.AnyCommand) -> str:
        sender = Sender(MemberId(actor), None, None if actor == SYSTEM else 1)
        envelope = envelop(SECRETS.cell_hmac, sender, str(uuid.uuid4()), command, self.clock())
        outcome = self.market.apply(envelope).outcome
        assert outcome.subject is not None, outcome.refusal
        return outcome.subject

    def become(self, name: str) -> Browser:
        self.browser.become_another()
        self.browser.client.cookies.set(SESSION, self.served.api.tokens[name])
        return self.browser

    def check(self, listing: str, starts_at: Instant = START) -> str:
        """The address of the page that books it."""
        offer = c.OfferTaken(ListingId(listing), 1, starts_at, 60, 5000, Instant(self.clock() + OFFER_US))
        return f"/listings/{listing}/book?slot={sign_offer(SECRETS.subkey('offer'), offer)}"

    def book(self, who: str, listing: str, **typed: str) -> str:
        """The path of the booking's page."""
        browser = self.become(who)
        browser.go(self.check(listing))
        assert browser.send(f"/listings/{listing}/book", **typed).status_code == 200, browser.text
        return browser.path

    def act(self, who: str, page: str, verb: str, **typed: str) -> Browser:
        browser = self.become(who)
        browser.go(page if verb in ("acceptance", "completion", "no-show") else f"{page}/{verb}")
        browser.send(f"{page}/{verb}", **typed)
        return browser

    def visit(self, who: str, path: str) -> Browser:
        browser = self.become(who)
        browser.go(path)
        return browser


def words_of(browser: Browser) -> str:
    """What is read on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", browser.text))
