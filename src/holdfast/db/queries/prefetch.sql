-- What a batch has to know, one query a table or group, whatever the number of commands.

-- name: load_cell
-- Rows of cell.cell by key.
SELECT id, currency, zone, public_key, simulated_until, founded_at
FROM cell.cell WHERE id = ANY (%s::uuid[]);

-- name: load_node
-- Rows of cell.node by key.
SELECT id, public_key, admitted_at, retired_at
FROM cell.node WHERE id = ANY (%s::text[]);

-- name: load_member
-- Rows of cell.member by key.
SELECT id, time_zone, epoch, joined_at, operator_since, suspended_at, suspended_by, rating_count, rating_sum
FROM cell.member WHERE id = ANY (%s::uuid[]);

-- name: load_owners
-- The owners of the listings that commands name, without a second round.
SELECT m.id, m.time_zone, m.epoch, m.joined_at, m.operator_since, m.suspended_at, m.suspended_by, m.rating_count,
    m.rating_sum
FROM cell.member m WHERE m.id IN (SELECT owner FROM cell.listing WHERE id = ANY (%s::uuid[]));

-- name: load_revoked_token
-- Rows of cell.revoked_token by key.
SELECT id, member, revoked_at
FROM cell.revoked_token WHERE id = ANY (%s::uuid[]);

-- name: load_category
-- Rows of cell.category by key.
SELECT id, parent, slug, name, ordinal
FROM cell.category WHERE id = ANY (%s::uuid[]);

-- name: load_categories
-- The whole tree, for a command that changes it.
SELECT id, parent, slug, name, ordinal
FROM cell.category;

-- name: load_calendar
-- Rows of cell.calendar by key.
SELECT id, owner, zone, opens, closes
FROM cell.calendar WHERE id = ANY (%s::uuid[]);

-- name: load_calendar_exception
-- Rows of cell.calendar_exception by key.
SELECT id, calendar, first_day, last_day, opens, closes
FROM cell.calendar_exception WHERE id = ANY (%s::uuid[]);

-- name: load_exceptions
-- The exceptions of calendars that can still matter to a booking.
SELECT id, calendar, first_day, last_day, opens, closes
FROM cell.calendar_exception WHERE calendar = ANY (%s::uuid[]) AND last_day >= %s::date;

-- name: load_listing
-- Rows of cell.listing by key.
SELECT id, owner, state, category, version, drafted_at, published_at, changed_at, rating_count, rating_sum, stars
FROM cell.listing WHERE id = ANY (%s::uuid[]);

-- name: load_listing_terms
-- Versions of terms that bookings and offers name.
SELECT t.listing, t.version, t.calendars, t.place, t.price_minor, t.price_unit, t.duration_min, t.duration_max_min,
    t.step_min, t.buffer_before_min, t.buffer_after_min, t.notice_min, t.horizon_days, t.answer_within_min,
    t.instant, t.tier_hours, t.tier_percents, t.since
FROM unnest(%s::uuid[], %s::int[]) AS asked (listing, version)
JOIN cell.listing_terms t USING (listing, version);

-- name: load_current_terms
-- The terms in force of the listings that commands name, without a second round.
SELECT t.listing, t.version, t.calendars, t.place, t.price_minor, t.price_unit, t.duration_min, t.duration_max_min,
    t.step_min, t.buffer_before_min, t.buffer_after_min, t.notice_min, t.horizon_days, t.answer_within_min,
    t.instant, t.tier_hours, t.tier_percents, t.since
FROM cell.listing l JOIN cell.listing_terms t ON t.listing = l.id AND t.version = l.version
WHERE l.id = ANY (%s::uuid[]);

-- name: load_booking
-- Rows of cell.booking by key.
SELECT id, customer, provider, listing, terms_version, state, starts_at, ends_at, zone, total_minor, refund_minor,
    answer_by, placed_at, changed_at, steps, reviews
FROM cell.booking WHERE id = ANY (%s::uuid[]);

-- name: load_claims
-- The claims that overlap the asked stretches of their calendars.
SELECT DISTINCT claim.calendar, lower(claim.during), upper(claim.during), claim.booking, claim.expires_at
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS asked (calendar, starts_at, ends_at)
JOIN cell.claim ON claim.calendar = asked.calendar AND claim.during && tstzrange(
    ledger.instant(asked.starts_at), ledger.instant(asked.ends_at)
);

-- name: load_review
-- Rows of cell.review by key.
SELECT id, booking, listing, side, author, subject, stars, written_at, visible_since, replied_at
FROM cell.review WHERE id = ANY (%s::uuid[]);

-- name: load_reviews
-- Both sides' reviews of bookings, the earlier first.
SELECT id, booking, listing, side, author, subject, stars, written_at, visible_since, replied_at
FROM cell.review WHERE booking = ANY (%s::uuid[]) ORDER BY written_at;

-- name: load_sign_in
-- Rows of vault.sign_in by key.
SELECT email, member, password_hash, salt
FROM vault.sign_in WHERE email = ANY (%s::text[]);

-- name: load_listing_text
-- Rows of vault.listing_text by key.
SELECT listing, title, description, area, address, lat_e6, lng_e6, salt
FROM vault.listing_text WHERE listing = ANY (%s::uuid[]);
