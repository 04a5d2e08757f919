-- name: listing_bookable
-- Whether a listing can be seen, and booked; its zone and currency, once a request.
SELECT l.state = 'published' AND m.suspended_at IS NULL, coalesce(k.zone, cell.zone), cell.currency
FROM cell.listing l
CROSS JOIN cell.cell
JOIN cell.member m ON m.id = l.owner
JOIN cell.listing_terms v ON v.listing = l.id AND v.version = l.version
LEFT JOIN cell.calendar k ON k.id = v.calendars[1]
WHERE l.id = %(listing)s
  AND ((l.state = 'published' AND m.suspended_at IS NULL) OR l.owner = %(viewer)s::uuid OR %(operator)s::boolean);

-- name: calendars_of
-- Calendars by their ids, once a request.
SELECT id::text, owner::text, zone, opens, closes FROM cell.calendar WHERE id = ANY (%(calendars)s::uuid[]);

-- name: exceptions_between
-- The exceptions of calendars that have a day in a range of days, once a request.
SELECT id::text, calendar::text, first_day, last_day, opens, closes
FROM cell.calendar_exception
WHERE calendar = ANY (%(calendars)s::uuid[]) AND last_day >= %(first_day)s AND first_day <= %(last_day)s;

-- name: claims_between
-- The claims of calendars that lie in a stretch of time, each calendar's by start, once a request.
SELECT calendar::text, lower(during), upper(during), booking::text, expires_at
FROM cell.claim
WHERE calendar = ANY (%(calendars)s::uuid[])
  AND during && tstzrange(ledger.instant(%(since)s), ledger.instant(%(until)s))
ORDER BY calendar, during;
