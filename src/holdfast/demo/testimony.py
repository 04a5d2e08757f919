"""Reviews, replies and notes, put together from sentences so that no two that stand together are alike."""

from random import Random

from holdfast.demo.material import Material
from holdfast.demo.shapes import CustomerPlan, ProviderPlan

_MOODS = {5: "good", 4: "good", 3: "middling", 2: "bad", 1: "bad"}
_STARS = (5, 4, 3, 2, 1)
_BY_QUALITY = ((76, 18, 4, 1, 1), (50, 34, 10, 4, 2), (28, 30, 22, 12, 8))
_OF_CUSTOMERS = (76, 16, 5, 2, 1)
_NO_TEXT = ""
_SHORT_SHARE = 0.08
_TRIES = 4


class Testimony:
    """What people write. Remembers what was said of whom."""

    def __init__(self, material: Material, rng: Random) -> None:
        self._reviews = material.reviews
        self._roots = {slug: material.root_of(slug) for slug in material.services.leaves}
        self._rng = rng
        self._said: set[tuple[str, str]] = set()
        self._texts: set[str] = set()

    def stars_for(self, provider: ProviderPlan) -> int:
        """Stars as providers of that quality get them."""
        return self._rng.choices(_STARS, _BY_QUALITY[max(0, provider.quality)])[0]

    def stars_for_customer(self) -> int:
        return self._rng.choices(_STARS, _OF_CUSTOMERS)[0]

    def of_provider(self, stars: int, category: str, provider: ProviderPlan, customer: CustomerPlan) -> str:
        """A customer's words about a booking in a category."""
        text = _NO_TEXT
        for _ in range(_TRIES):
            text = self._whole(stars, category, provider.email, self._language(customer))
            text = text.format(given=provider.given, district=provider.district, n=self._rng.randrange(5, 26))
            if text not in self._texts:
                break
        self._texts.add(text)
        return text

    def of_customer(self, stars: int, customer: CustomerPlan) -> str:
        """A provider's words about a customer."""
        parts = self._reviews.of_customers[str(stars)]
        text = self._joined(self._unsaid(customer.email, parts.openings), self._unsaid(customer.email, parts.closings))
        return text.format(customer=customer.given, n=self._rng.randrange(10, 41))

    def reply(self, stars: int, provider: ProviderPlan, customer: CustomerPlan) -> str:
        """A provider's answer to a review of so many stars."""
        mood = "good" if stars >= 4 else "bad"
        parts = self._reviews.replies[self._language(customer)][mood]
        text = self._joined(self._unsaid(provider.email, parts.openings), self._unsaid(provider.email, parts.closings))
        return text.format(customer=customer.given)

    def note(self, category: str) -> str:
        """What a customer wants known before; most want nothing known."""
        notes = self._reviews.notes[self._roots[category]]
        return self._rng.choice(notes) if self._rng.random() < 0.35 else _NO_TEXT

    def _whole(self, stars: int, category: str, about: str, language: str) -> str:
        rng, mood = self._rng, _MOODS[stars]
        if rng.random() < _SHORT_SHARE:
            return self._unsaid(about, self._reviews.short[str(stars)])
        good, bad = (self._details(category, language, which) for which in ("good", "bad"))
        told = []
        if mood != "bad":
            told.append(self._unsaid(about, good))
        if mood != "good" or (stars == 4 and rng.random() < 0.5):
            told.append(self._unsaid(about, bad))
        elif rng.random() < 0.25:
            told.append(self._unsaid(about, good))
        opening = self._unsaid(about, self._reviews.openings[language][str(stars)])
        closing = self._unsaid(about, self._reviews.closings[language][mood])
        parts = [opening, *dict.fromkeys(told), closing]
        return self._joined(*(parts[1:] if rng.random() < 0.25 else parts))

    def _details(self, category: str, language: str, mood: str) -> list[str]:
        """What can be said of the category itself, and of everything below its root."""
        details = self._reviews.details
        return details[category][language][mood] + details[self._roots[category]][language][mood]

    def _language(self, customer: CustomerPlan) -> str:
        return "pt" if customer.speaks_portuguese and self._rng.random() < 0.5 else "en"

    def _unsaid(self, about: str, sentences: list[str]) -> str:
        """One of the sentences, rather one that nobody has said of them yet."""
        sentence = self._rng.choice(sentences)
        for _ in range(_TRIES):
            if not sentence or (about, sentence) not in self._said:
                break
            sentence = self._rng.choice(sentences)
        self._said.add((about, sentence))
        return sentence

    @staticmethod
    def _joined(*sentences: str) -> str:
        return " ".join(sentence for sentence in sentences if sentence)
