"""One's bookings: their pages, what each side does with them, the calendar file. Numbers are those of CASES.md."""

import re

from holdfast.domain import commands as c
from holdfast.domain.instants import DAY_US, HOUR_US, Instant
from holdfast.domain.rows import ListingId
from support.api import MONDAY
from support.town import START, Town, words_of


def test_a_booked_page_says_state_time_and_money_and_can_be_bookmarked(town: Town) -> None:
    page = town.book("Carla", town.instant, note="Third floor")
    assert 'class="ticket confirmed"' in town.browser.text
    said = words_of(town.browser)
    for phrase in ("Confirmed", "You pay €50 at the appointment.", "Third floor", page.removeprefix("/bookings/")):
        assert phrase in said, phrase
    assert town.browser.go(page).status_code == 200
    assert "Haircut" in town.browser.go("/bookings").text
    assert town.become("Dora").go(page).status_code == 404


def test_a_request_looks_pending_until_it_is_accepted(town: Town) -> None:
    page = town.book("Carla", town.asked)
    said = words_of(town.browser)
    assert (
        "Request sent, not yet confirmed. Paulo has until Mon 2 Nov, 01:00 Lisbon to accept. Nothing is charged."
        in said
    )
    assert 'class="ticket pending"' in town.browser.text
    assert 'confirmed"' not in town.browser.text.replace("ticket pending", "")
    assert town.become("Carla").post(f"{page}/acceptance", {}).status_code == 403
    assert "Accept or decline until" in words_of(town.visit("Paulo", "/bookings?role=provider"))
    accepted = town.act("Paulo", page, "acceptance")
    assert "Carla pays €50 at the appointment." in words_of(accepted)


def test_a_request_is_declined_with_a_reason(town: Town) -> None:
    page = town.book("Carla", town.asked)
    town.act("Paulo", page, "decline", reason="I am away")
    said = words_of(town.visit("Carla", page))
    assert "Paulo could not take this booking. Nothing is charged." in said
    assert "I am away" in said
    assert town.become("Paulo").go(f"{page}/decline").status_code == 409


def test_the_exact_refund_stands_before_the_cancellation(town: Town) -> None:
    page = town.book("Carla", town.instant)
    browser = town.become("Carla")
    town.clock.now = Instant(START - 47 * HOUR_US)
    browser.go(f"{page}/cancellation")
    assert "Refund if you cancel now€25" in words_of(browser)
    town.clock.now = Instant(START - 23 * HOUR_US)
    assert browser.send(f"{page}/cancellation").status_code == 422
    assert "The refund is less than was shown" in browser.text
    assert "Refund if you cancel now€0" in words_of(browser)
    assert browser.send(f"{page}/cancellation").status_code == 200
    assert "Cancelled. €0 of €50 is given back." in words_of(browser)
    assert browser.go(f"{page}/cancellation").status_code == 409


def test_21_looking_changes_nothing(town: Town) -> None:
    page = town.book("Carla", town.instant)
    for who in ("Carla", "Paulo"):
        browser = town.become(who)
        for path in (page, f"{page}/cancellation", f"{page}.ics", "/bookings"):
            assert browser.go(path).status_code == 200
        for verb in ("acceptance", "completion", "no-show"):
            assert browser.go(f"{page}/{verb}").status_code in (404, 405)
        assert "Confirmed" in browser.go(page).text


def test_12_the_calendar_file_is_in_utc_and_counts_its_changes(town: Town) -> None:
    page = town.book("Carla", town.instant)
    first = town.browser.go(f"{page}.ics")
    assert first.headers["content-type"].startswith("text/calendar")
    assert "DTSTART:20261105T100000Z\r\nDTEND:20261105T110000Z\r\n" in first.text
    assert "SEQUENCE:0\r\n" in first.text
    assert "LOCATION:Rua 1\\, Baixa\r\n" in first.text
    assert "STATUS:CONFIRMED\r\n" in first.text
    assert "@example.test" not in first.text
    town.act("Carla", page, "cancellation")
    second = town.browser.go(f"{page}.ics").text
    assert "STATUS:CANCELLED\r\n" in second
    assert "SEQUENCE:1\r\n" in second
    assert re.findall("UID:.*", second) == re.findall("UID:.*", first.text)


def test_12_who_lives_by_another_clock_sees_both(town: Town) -> None:
    body = {"email": "x@example.test", "password": "a fine password", "name": "Xu", "time_zone": "Asia/Tokyo"}
    town.served.api.tokens["Xu"] = town.served.api.made("POST", "/members", json=body)["token"]
    town.book("Xu", town.instant)
    assert "Thu 5 Nov, 10:00 Lisbon (Thu 5 Nov, 19:00 Tokyo, your time)" in words_of(town.browser)


def test_with_no_bookings_there_is_one_thing_to_do(town: Town) -> None:
    assert "No bookings yet." in town.become("Carla").go("/bookings").text
    assert town.browser.go("/bookings?after=nonsense&role=nobody").status_code == 200


def test_bookings_go_on_page_after_page(town: Town) -> None:
    for day in range(1, 5):
        for hour in range(8, 20, 2):
            start = Instant(MONDAY + day * DAY_US + hour * HOUR_US)
            town.made(town.ids["Carla"], c.PlaceBooking(ListingId(town.instant), start, 60, None, "", ""))
    browser = town.become("Carla")
    assert browser.go("/bookings?role=customer").text.count("<h2>") == 20
    (following,) = re.findall('rel="next" href="([^"]*)"', browser.text)
    assert browser.go(following).text.count("<h2>") == 4
