-- name: calendar
-- One calendar for its owner. Once for a page or an answer that shows it.
SELECT k.id, t.name, k.zone, k.opens, k.closes
FROM cell.calendar AS k
JOIN vault.calendar_text AS t ON t.calendar = k.id
WHERE k.id = %(calendar)s::uuid AND k.owner = %(owner)s::uuid;

-- name: calendars
-- A part of a member's calendars, in the order of their ids. Once for a list of them.
SELECT k.id, t.name, k.zone, k.opens, k.closes
FROM cell.calendar AS k
JOIN vault.calendar_text AS t ON t.calendar = k.id
WHERE k.owner = %(owner)s::uuid AND (%(after)s::uuid IS NULL OR k.id > %(after)s::uuid)
ORDER BY k.id
LIMIT %(limit)s;

-- name: exceptions
-- The exceptions of calendars that are not over, by their days. Once for a page of calendars.
SELECT e.calendar, e.id, e.first_day, e.last_day, e.opens, e.closes
FROM cell.calendar_exception AS e
WHERE e.calendar = ANY(%(calendars)s::uuid[]) AND e.last_day >= %(since)s
ORDER BY e.first_day, e.id;
