"""Check and book with plain forms: what is agreed, one press, a lost race. Numbers are those of CASES.md."""

import re

from holdfast.domain import commands as c
from holdfast.domain.instants import HOUR_US, Instant
from holdfast.domain.rows import ListingId
from support.town import START, Town, words_of


def test_the_way_to_book_leads_through_the_sign_in_and_back(town: Town) -> None:
    town.browser.become_another()
    address = town.check(town.instant)
    town.browser.go(address)
    assert town.browser.path == "/sign-in"
    assert address in town.browser.form("/sign-in")["next"]


def test_what_is_agreed_is_shown_before_the_button_says_what_it_does(town: Town) -> None:
    browser = town.become("Carla")
    browser.go(town.check(town.instant))
    said = words_of(browser)
    for phrase in (
        "Haircut", "Thu 5 Nov, 10:00 Lisbon", "1 h", "Rua 1, Baixa", "€50", "Free until Tue 3 Nov, 10:00 Lisbon",
        "€25 back until Wed 4 Nov, 10:00 Lisbon", "With Paulo, who provides the service.",
        "Book and pay at the appointment",
    ):  # fmt: skip
        assert phrase in said, phrase
    assert "Continue" not in said
    assert browser.text.count(f'<a href="/listings/{town.instant}">Change') == 3


def test_2_a_second_press_books_nothing(town: Town) -> None:
    browser = town.become("Carla")
    browser.go(town.check(town.instant))
    fields = browser.form(f"/listings/{town.instant}/book")
    pages = set()
    for _ in range(2):
        browser.post(f"/listings/{town.instant}/book", fields)
        pages.add(browser.path)
    assert len(pages) == 1
    assert browser.go("/bookings").text.count("<h2>") == 1


def test_8_who_loses_the_race_is_told_and_offered_the_nearest_times(town: Town) -> None:
    browser = town.become("Carla")
    browser.go(town.check(town.instant))
    fields = browser.form(f"/listings/{town.instant}/book")
    town.made(town.ids["Dora"], c.PlaceBooking(ListingId(town.instant), START, None, None, "", ""))
    assert browser.post(f"/listings/{town.instant}/book", fields).status_code == 409
    said = words_of(browser)
    assert "10:00 was taken while you were booking. You have not been charged." in said
    (nearest, *_) = re.findall(r'<a href="(/listings/[^"]*/book\?slot=[^"]*)"', browser.text)
    browser.go(nearest)
    assert browser.send(f"/listings/{town.instant}/book").status_code == 200
    assert browser.path.startswith("/bookings/")


def test_an_offer_that_expired_is_told_with_times_at_todays_price(town: Town) -> None:
    browser = town.become("Carla")
    address = town.check(town.instant)
    browser.go(address)
    fields = browser.form(f"/listings/{town.instant}/book")
    town.clock.now = Instant(town.clock.now + HOUR_US)
    assert browser.post(f"/listings/{town.instant}/book", fields).status_code == 409
    assert browser.go(address).status_code == 409
    assert "This offer has expired. You have not been charged." in words_of(browser)
    assert "Thu 5 Nov, 10:00" in words_of(browser)


def test_an_offer_that_nobody_signed_is_refused(town: Town) -> None:
    browser = town.become("Carla")
    assert browser.go(f"/listings/{town.instant}/book?slot=abc").status_code == 422
    assert browser.go(town.check(town.asked).replace(town.asked, town.instant)).status_code == 422


def test_where_the_provider_comes_to_the_customer_the_address_is_asked_for(town: Town) -> None:
    browser = town.become("Carla")
    browser.go(town.check(town.visiting))
    assert browser.send(f"/listings/{town.visiting}/book", note="Ring twice").status_code == 422
    assert "<title>Error:" in browser.text
    assert "Enter the address where the service is to take place" in browser.text
    assert "Ring twice" in browser.text
    assert browser.send(f"/listings/{town.visiting}/book", address="Rua 2").status_code == 200
    assert "Rua 2" in browser.text
