"""What becomes of bookings: reviews and replies; what was received, settled or taken back."""

import re

from holdfast.domain.instants import HOUR_US, Instant
from support.town import START, Town, words_of


def test_reviews_are_hidden_until_both_have_written_and_answered_once(town: Town) -> None:
    page = town.book("Carla", town.instant)
    assert town.become("Carla").go(f"{page}/review").status_code == 409
    town.clock.now = Instant(START + HOUR_US)
    town.act("Paulo", page, "completion")
    browser = town.become("Carla")
    browser.go(f"{page}/review")
    assert browser.send(f"{page}/review", stars="", body="").status_code == 422
    assert "Choose from one to five stars" in browser.text
    assert browser.send(f"{page}/review", stars="4", body="Good scissors").status_code == 200
    assert "Only you see this" in browser.text
    assert "Good scissors" not in town.become("Paulo").go(page).text
    town.act("Paulo", page, "review", stars="5", body="On time")
    (reply,) = re.findall(r'href="(/reviews/[^"]*/reply)"', town.browser.text)
    town.browser.go(reply)
    assert town.browser.send(reply, body="Thank you").status_code == 200
    assert "Reply: Thank you" in words_of(town.browser)
    assert town.browser.go(reply).status_code == 409


def test_what_is_received_is_pending_can_be_looked_at_and_taken_back(town: Town) -> None:
    browser = town.become("Carla")
    browser.go(town.check(town.instant))
    town.market.away = True
    assert browser.send(f"/listings/{town.instant}/book").status_code == 202
    said = words_of(browser)
    assert "Request received, not yet confirmed" in said
    assert (
        "The marketplace cannot reach its records right now. We have kept your request. It is settled as soon as they "
        "are back, and counts until Tue 3 Nov, 00:00 Lisbon; this page shows it. You do not need to send it again."
        in said
    )
    assert 'class="ticket pending"' in browser.text
    (address,) = re.findall(r'href="(/commands/[^"]*)"', browser.text)
    assert address.removeprefix("/commands/") in said
    assert "Request received, not yet confirmed" in words_of(town.visit("Carla", address))
    assert town.become("Dora").go(address).status_code == 404
    town.become("Carla").go(address)
    browser.send(f"{address}/withdrawal")
    assert "You took this request back" in browser.text


def test_what_was_received_leads_to_its_booking_once_it_is_settled(town: Town) -> None:
    browser = town.become("Carla")
    browser.go(town.check(town.instant))
    town.market.away = True
    browser.send(f"/listings/{town.instant}/book")
    (address,) = re.findall(r'href="(/commands/[^"]*)"', browser.text)
    (kept,) = town.market.kept.values()
    town.market.kept.clear()
    town.market.apply(kept)
    browser.go(address)
    (booked,) = re.findall(r'href="(/bookings/[^"]*)"', browser.text)
    assert browser.go(booked).status_code == 200
