-- What a batch changed, as net effects: one statement a table, rows as arrays. Instants come as µs since the epoch.

-- name: put_cell
-- New rows of cell.cell, and changed ones in place of what stands under their key.
INSERT INTO cell.cell (
    id, currency, zone, public_key, simulated_until, founded_at
)
SELECT
    id, currency, zone, public_key, ledger.instant(simulated_until), ledger.instant(founded_at)
FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::bigint[]
) AS new (
    id, currency, zone, public_key, simulated_until, founded_at
)
ON CONFLICT (id) DO UPDATE SET
    currency = excluded.currency, zone = excluded.zone, public_key = excluded.public_key, simulated_until =
    excluded.simulated_until, founded_at = excluded.founded_at;

-- name: put_node
-- New rows of cell.node, and changed ones in place of what stands under their key.
INSERT INTO cell.node (
    id, public_key, admitted_at, retired_at
)
SELECT
    id, public_key, ledger.instant(admitted_at), ledger.instant(retired_at)
FROM unnest(
    %s::text[], %s::text[], %s::bigint[], %s::bigint[]
) AS new (
    id, public_key, admitted_at, retired_at
)
ON CONFLICT (id) DO UPDATE SET
    public_key = excluded.public_key, admitted_at = excluded.admitted_at, retired_at = excluded.retired_at;

-- name: put_member
-- New rows of cell.member, and changed ones in place of what stands under their key.
INSERT INTO cell.member (
    id, time_zone, epoch, joined_at, operator_since, suspended_at, suspended_by, rating_count, rating_sum
)
SELECT
    id, time_zone, epoch, ledger.instant(joined_at), ledger.instant(operator_since), ledger.instant(suspended_at),
    suspended_by, rating_count, rating_sum
FROM unnest(
    %s::uuid[], %s::text[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::uuid[], %s::int[], %s::int[]
) AS new (
    id, time_zone, epoch, joined_at, operator_since, suspended_at, suspended_by, rating_count, rating_sum
)
ON CONFLICT (id) DO UPDATE SET
    time_zone = excluded.time_zone, epoch = excluded.epoch, joined_at = excluded.joined_at, operator_since =
    excluded.operator_since, suspended_at = excluded.suspended_at, suspended_by = excluded.suspended_by,
    rating_count = excluded.rating_count, rating_sum = excluded.rating_sum;

-- name: put_revoked_token
-- New rows of cell.revoked_token; they never change.
INSERT INTO cell.revoked_token (
    id, member, revoked_at
)
SELECT
    id, member, ledger.instant(revoked_at)
FROM unnest(
    %s::uuid[], %s::uuid[], %s::bigint[]
) AS new (
    id, member, revoked_at
);

-- name: put_category
-- New rows of cell.category, and changed ones in place of what stands under their key.
INSERT INTO cell.category (
    id, parent, slug, name, ordinal
)
SELECT
    id, parent, slug, name, ordinal
FROM unnest(
    %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::int[]
) AS new (
    id, parent, slug, name, ordinal
)
ON CONFLICT (id) DO UPDATE SET
    parent = excluded.parent, slug = excluded.slug, name = excluded.name, ordinal = excluded.ordinal;

-- name: put_calendar
-- New rows of cell.calendar, and changed ones in place of what stands under their key.
INSERT INTO cell.calendar (
    id, owner, zone, opens, closes
)
SELECT
    id, owner, zone, opens::integer[], closes::integer[]
FROM unnest(
    %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[]
) AS new (
    id, owner, zone, opens, closes
)
ON CONFLICT (id) DO UPDATE SET
    owner = excluded.owner, zone = excluded.zone, opens = excluded.opens, closes = excluded.closes;

-- name: put_calendar_exception
-- New rows of cell.calendar_exception, and changed ones in place of what stands under their key.
INSERT INTO cell.calendar_exception (
    id, calendar, first_day, last_day, opens, closes
)
SELECT
    id, calendar, first_day, last_day, opens::integer[], closes::integer[]
FROM unnest(
    %s::uuid[], %s::uuid[], %s::date[], %s::date[], %s::text[], %s::text[]
) AS new (
    id, calendar, first_day, last_day, opens, closes
)
ON CONFLICT (id) DO UPDATE SET
    calendar = excluded.calendar, first_day = excluded.first_day, last_day = excluded.last_day, opens =
    excluded.opens, closes = excluded.closes;

-- name: drop_calendar_exception
-- Exceptions that were removed.
DELETE FROM cell.calendar_exception WHERE id = ANY (%s::uuid[]);

-- name: put_listing
-- New rows of cell.listing, and changed ones in place of what stands under their key.
INSERT INTO cell.listing (
    id, owner, state, category, version, drafted_at, published_at, changed_at, rating_count, rating_sum, stars
)
SELECT
    id, owner, state, category, version, ledger.instant(drafted_at), ledger.instant(published_at),
    ledger.instant(changed_at), rating_count, rating_sum, stars::integer[]
FROM unnest(
    %s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[],
    %s::int[], %s::text[]
) AS new (
    id, owner, state, category, version, drafted_at, published_at, changed_at, rating_count, rating_sum, stars
)
ON CONFLICT (id) DO UPDATE SET
    owner = excluded.owner, state = excluded.state, category = excluded.category, version = excluded.version,
    drafted_at = excluded.drafted_at, published_at = excluded.published_at, changed_at = excluded.changed_at,
    rating_count = excluded.rating_count, rating_sum = excluded.rating_sum, stars = excluded.stars;

-- name: put_listing_terms
-- New rows of cell.listing_terms; they never change.
INSERT INTO cell.listing_terms (
    listing, version, calendars, place, price_minor, price_unit, duration_min, duration_max_min, step_min,
    buffer_before_min, buffer_after_min, notice_min, horizon_days, answer_within_min, instant, tier_hours,
    tier_percents, since
)
SELECT
    listing, version, calendars::uuid[], place, price_minor, price_unit, duration_min, duration_max_min, step_min,
    buffer_before_min, buffer_after_min, notice_min, horizon_days, answer_within_min, instant,
    tier_hours::integer[], tier_percents::integer[], ledger.instant(since)
FROM unnest(
    %s::uuid[], %s::int[], %s::text[], %s::text[], %s::int[], %s::text[], %s::int[], %s::int[], %s::int[],
    %s::int[], %s::int[], %s::int[], %s::int[], %s::int[], %s::boolean[], %s::text[], %s::text[], %s::bigint[]
) AS new (
    listing, version, calendars, place, price_minor, price_unit, duration_min, duration_max_min, step_min,
    buffer_before_min, buffer_after_min, notice_min, horizon_days, answer_within_min, instant, tier_hours,
    tier_percents, since
);

-- name: put_booking
-- New rows of cell.booking, and changed ones in place of what stands under their key.
INSERT INTO cell.booking (
    id, customer, provider, listing, terms_version, state, starts_at, ends_at, zone, total_minor, refund_minor,
    answer_by, placed_at, changed_at, steps, reviews
)
SELECT
    id, customer, provider, listing, terms_version, state, ledger.instant(starts_at), ledger.instant(ends_at), zone,
    total_minor, refund_minor, ledger.instant(answer_by), ledger.instant(placed_at), ledger.instant(changed_at),
    steps, reviews
FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::text[],
    %s::int[], %s::int[], %s::bigint[], %s::bigint[], %s::bigint[], %s::int[], %s::int[]
) AS new (
    id, customer, provider, listing, terms_version, state, starts_at, ends_at, zone, total_minor, refund_minor,
    answer_by, placed_at, changed_at, steps, reviews
)
ON CONFLICT (id) DO UPDATE SET
    customer = excluded.customer, provider = excluded.provider, listing = excluded.listing, terms_version =
    excluded.terms_version, state = excluded.state, starts_at = excluded.starts_at, ends_at = excluded.ends_at, zone
    = excluded.zone, total_minor = excluded.total_minor, refund_minor = excluded.refund_minor, answer_by =
    excluded.answer_by, placed_at = excluded.placed_at, changed_at = excluded.changed_at, steps = excluded.steps,
    reviews = excluded.reviews;

-- name: put_booking_line
-- New rows of cell.booking_line; they never change.
INSERT INTO cell.booking_line (
    booking, n, listing, terms_version, minutes, amount_minor
)
SELECT
    booking, n, listing, terms_version, minutes, amount_minor
FROM unnest(
    %s::uuid[], %s::int[], %s::uuid[], %s::int[], %s::int[], %s::int[]
) AS new (
    booking, n, listing, terms_version, minutes, amount_minor
);

-- name: put_booking_step
-- New rows of cell.booking_step; they never change.
INSERT INTO cell.booking_step (
    booking, n, state, at, by, seq, remark
)
SELECT
    booking, n, state, ledger.instant(at), by, seq, remark
FROM unnest(
    %s::uuid[], %s::int[], %s::text[], %s::bigint[], %s::uuid[], %s::bigint[], %s::uuid[]
) AS new (
    booking, n, state, at, by, seq, remark
);

-- name: drop_claim
-- Releases, before anything is claimed: a batch may free a stretch and give it away.
DELETE FROM cell.claim
USING unnest(%s::uuid[], %s::bigint[], %s::bigint[]) AS gone (calendar, starts_at, ends_at)
WHERE claim.calendar = gone.calendar AND claim.during = tstzrange(
    ledger.instant(gone.starts_at), ledger.instant(gone.ends_at)
);

-- name: put_claim
-- One row a calendar and stretch. claim_overlap refuses what the decision should never have allowed.
INSERT INTO cell.claim
SELECT calendar, tstzrange(ledger.instant(starts_at), ledger.instant(ends_at)), booking, ledger.instant(expires_at)
FROM unnest(%s::uuid[], %s::bigint[], %s::bigint[], %s::uuid[], %s::bigint[])
    AS new (calendar, starts_at, ends_at, booking, expires_at);

-- name: put_review
-- New rows of cell.review, and changed ones in place of what stands under their key.
INSERT INTO cell.review (
    id, booking, listing, side, author, subject, stars, written_at, visible_since, replied_at
)
SELECT
    id, booking, listing, side, author, subject, stars, ledger.instant(written_at), ledger.instant(visible_since),
    ledger.instant(replied_at)
FROM unnest(
    %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[],
    %s::bigint[]
) AS new (
    id, booking, listing, side, author, subject, stars, written_at, visible_since, replied_at
)
ON CONFLICT (id) DO UPDATE SET
    booking = excluded.booking, listing = excluded.listing, side = excluded.side, author = excluded.author, subject
    = excluded.subject, stars = excluded.stars, written_at = excluded.written_at, visible_since =
    excluded.visible_since, replied_at = excluded.replied_at;

-- name: put_sign_in
-- New rows of vault.sign_in, and changed ones in place of what stands under their key.
INSERT INTO vault.sign_in (
    email, member, password_hash, salt
)
SELECT
    email, member, password_hash, salt
FROM unnest(
    %s::text[], %s::uuid[], %s::text[], %s::bytea[]
) AS new (
    email, member, password_hash, salt
)
ON CONFLICT (email) DO UPDATE SET
    member = excluded.member, password_hash = excluded.password_hash, salt = excluded.salt;

-- name: put_profile
-- New rows of vault.profile, and changed ones in place of what stands under their key.
INSERT INTO vault.profile (
    member, name, salt
)
SELECT
    member, name, salt
FROM unnest(
    %s::uuid[], %s::text[], %s::bytea[]
) AS new (
    member, name, salt
)
ON CONFLICT (member) DO UPDATE SET
    name = excluded.name, salt = excluded.salt;

-- name: put_calendar_text
-- New rows of vault.calendar_text, and changed ones in place of what stands under their key.
INSERT INTO vault.calendar_text (
    calendar, name, salt
)
SELECT
    calendar, name, salt
FROM unnest(
    %s::uuid[], %s::text[], %s::bytea[]
) AS new (
    calendar, name, salt
)
ON CONFLICT (calendar) DO UPDATE SET
    name = excluded.name, salt = excluded.salt;

-- name: put_listing_text
-- New rows of vault.listing_text, and changed ones in place of what stands under their key.
INSERT INTO vault.listing_text (
    listing, title, description, area, address, lat_e6, lng_e6, salt
)
SELECT
    listing, title, description, area, address, lat_e6, lng_e6, salt
FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::int[], %s::bytea[]
) AS new (
    listing, title, description, area, address, lat_e6, lng_e6, salt
)
ON CONFLICT (listing) DO UPDATE SET
    title = excluded.title, description = excluded.description, area = excluded.area, address = excluded.address,
    lat_e6 = excluded.lat_e6, lng_e6 = excluded.lng_e6, salt = excluded.salt;

-- name: put_booking_text
-- New rows of vault.booking_text, and changed ones in place of what stands under their key.
INSERT INTO vault.booking_text (
    booking, note, address, salt
)
SELECT
    booking, note, address, salt
FROM unnest(
    %s::uuid[], %s::text[], %s::text[], %s::bytea[]
) AS new (
    booking, note, address, salt
)
ON CONFLICT (booking) DO UPDATE SET
    note = excluded.note, address = excluded.address, salt = excluded.salt;

-- name: put_review_text
-- New rows of vault.review_text, and changed ones in place of what stands under their key.
INSERT INTO vault.review_text (
    review, body, salt
)
SELECT
    review, body, salt
FROM unnest(
    %s::uuid[], %s::text[], %s::bytea[]
) AS new (
    review, body, salt
)
ON CONFLICT (review) DO UPDATE SET
    body = excluded.body, salt = excluded.salt;

-- name: put_reply_text
-- New rows of vault.reply_text, and changed ones in place of what stands under their key.
INSERT INTO vault.reply_text (
    review, body, salt
)
SELECT
    review, body, salt
FROM unnest(
    %s::uuid[], %s::text[], %s::bytea[]
) AS new (
    review, body, salt
)
ON CONFLICT (review) DO UPDATE SET
    body = excluded.body, salt = excluded.salt;

-- name: put_remark
-- New rows of vault.remark, and changed ones in place of what stands under their key.
INSERT INTO vault.remark (
    id, author, body, salt
)
SELECT
    id, author, body, salt
FROM unnest(
    %s::uuid[], %s::uuid[], %s::text[], %s::bytea[]
) AS new (
    id, author, body, salt
)
ON CONFLICT (id) DO UPDATE SET
    author = excluded.author, body = excluded.body, salt = excluded.salt;
