-- What `holdfast verify` reads: everything, once, in one snapshot. Columns stand in the order of rows.py and vault.py.
-- Ids are text, which is the cheapest in binary results. No order where rows are looked up by key in memory.

-- name: prepare
-- Once a connection: the reader's limits are for pages, and a log is read to its end, by its primary key.
SELECT set_config('statement_timeout', '0', true), set_config('transaction_timeout', '0', true),
    set_config('cursor_tuple_fraction', '1', true), set_config('jit', 'off', true)

-- name: snapshot
-- Once: a name under which a second connection sees the very same rows.
SELECT pg_export_snapshot()

-- name: head
-- Once: the size that the core claims, and the edge that it would append to.
SELECT size, edge, at, epoch, rules_version, id FROM ledger.head ORDER BY id

-- name: genesis
-- Once: the event that names the cell and its key.
SELECT body FROM ledger.opening WHERE seq = 0

-- name: checkpoints
-- Once: all that was signed.
SELECT size, root, note, signed_at FROM ledger.checkpoint ORDER BY size

-- name: entries
-- Once: log and openings side by side; where one of the two is missing its columns are NULL.
SELECT seq, entry, leaf, salt, body FROM ledger.log FULL JOIN ledger.opening USING (seq) ORDER BY seq

-- name: openings
-- Once: the events, for evolve.
SELECT seq, body FROM ledger.opening WHERE seq < %s ORDER BY seq

-- name: outcomes
-- Once: what became of commands, in the order in which their batches committed to it.
SELECT batch, n, command::text, actor::text, key, fingerprint, refusal, subject::text, first_seq, events, received_at,
    decided_at
FROM ledger.outcome ORDER BY batch, n, command

-- name: keys_twice
-- Once: commands of one actor under one key.
SELECT actor::text, key, array_agg(command::text ORDER BY command) FROM ledger.outcome GROUP BY actor, key
HAVING count(*) > 1

-- name: salts_twice
-- Once: openings that share their salt, which is then not random.
SELECT array_agg(seq ORDER BY seq) FROM ledger.opening GROUP BY salt HAVING count(*) > 1

-- name: tiles
-- Once: the complete tiles.
SELECT level, index, hashes FROM ledger.tile

-- name: rights
-- Once: whoever but its owner may change what the log says, and whatever could do it without being asked.
WITH forever AS (
    SELECT c.oid, c.relname, c.relowner, c.relacl FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
    WHERE s.nspname = 'ledger' AND c.relkind IN ('r', 'p')
), rights AS (
    SELECT f.relname, f.relowner, a.grantee, a.privilege_type FROM forever f, aclexplode(f.relacl) a
    UNION SELECT f.relname, f.relowner, a.grantee, a.privilege_type
    FROM forever f JOIN pg_attribute t ON t.attrelid = f.oid, aclexplode(t.attacl) a
)
SELECT relname, coalesce(rolname, 'PUBLIC') || ' may ' || privilege_type
FROM rights LEFT JOIN pg_roles r ON r.oid = grantee
WHERE grantee <> relowner AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES')
    AND NOT (relname = 'head' AND privilege_type = 'UPDATE' AND rolname = 'holdfast_writer')
UNION ALL SELECT f.relname, m.rolname || ' acts as the owner ' || o.rolname
FROM forever f JOIN pg_auth_members a ON a.roleid = f.relowner JOIN pg_roles o ON o.oid = f.relowner
    JOIN pg_roles m ON m.oid = a.member
WHERE m.rolname IN ('holdfast_writer', 'holdfast_reader')
UNION ALL SELECT f.relname, 'the foreign key ' || k.conname || ' changes its rows by itself'
FROM forever f JOIN pg_constraint k ON k.conrelid = f.oid
WHERE k.contype = 'f' AND (k.confdeltype IN ('c', 'n', 'd') OR k.confupdtype IN ('c', 'n', 'd'))
UNION ALL SELECT f.relname, 'the trigger ' || t.tgname || ' acts on it'
FROM forever f JOIN pg_trigger t ON t.tgrelid = f.oid WHERE NOT t.tgisinternal
UNION ALL SELECT f.relname, 'the rule ' || r.rulename || ' acts on it'
FROM forever f JOIN pg_rewrite r ON r.ev_class = f.oid
ORDER BY 1, 2

-- name: cell_cell
-- Once: rows as they are, for comparison with what evolve makes; so with all that follow.
SELECT id::text, currency, zone, public_key, simulated_until, founded_at FROM cell.cell

-- name: cell_node
-- Once.
SELECT id, public_key, admitted_at, retired_at FROM cell.node

-- name: cell_member
-- Once.
SELECT id::text, time_zone, epoch, joined_at, operator_since, suspended_at, suspended_by::text, rating_count, rating_sum
FROM cell.member

-- name: cell_revoked_token
-- Once.
SELECT id::text, member::text, revoked_at FROM cell.revoked_token

-- name: cell_category
-- Once.
SELECT id::text, parent::text, slug, name, ordinal FROM cell.category

-- name: cell_calendar
-- Once.
SELECT id::text, owner::text, zone, opens, closes FROM cell.calendar

-- name: cell_calendar_exception
-- Once.
SELECT id::text, calendar::text, first_day, last_day, opens, closes FROM cell.calendar_exception

-- name: cell_listing
-- Once.
SELECT id::text, owner::text, state, category::text, version, drafted_at, published_at, changed_at, rating_count,
    rating_sum, stars
FROM cell.listing

-- name: cell_listing_terms
-- Once.
SELECT listing::text, version, calendars::text[], place, price_minor, price_unit, duration_min, duration_max_min,
    step_min, buffer_before_min, buffer_after_min, notice_min, horizon_days, answer_within_min, instant, tier_hours,
    tier_percents, since
FROM cell.listing_terms

-- name: cell_booking
-- Once.
SELECT id::text, customer::text, provider::text, listing::text, terms_version, state, starts_at, ends_at, zone,
    total_minor, refund_minor, answer_by, placed_at, changed_at, steps, reviews
FROM cell.booking

-- name: cell_booking_line
-- Once.
SELECT booking::text, n, listing::text, terms_version, minutes, amount_minor FROM cell.booking_line

-- name: cell_booking_step
-- Once.
SELECT booking::text, n, state, at, by::text, seq, remark::text FROM cell.booking_step

-- name: cell_claim
-- Once. A stretch whose bounds are not [start, end) has no start here: evolve makes none such.
SELECT calendar::text, CASE WHEN lower_inc(during) AND NOT upper_inc(during) THEN lower(during) END AS starts_at,
    upper(during) AS ends_at, booking::text, expires_at
FROM cell.claim

-- name: cell_review
-- Once.
SELECT id::text, booking::text, listing::text, side, author::text, subject::text, stars, written_at, visible_since,
    replied_at
FROM cell.review

-- name: vault_sign_in
-- Once: personal data with its salts, for comparison with their seals; so with all that follow.
SELECT email, member::text, password_hash, salt FROM vault.sign_in

-- name: vault_profile
-- Once.
SELECT member::text, name, salt FROM vault.profile

-- name: vault_calendar_text
-- Once.
SELECT calendar::text, name, salt FROM vault.calendar_text

-- name: vault_listing_text
-- Once.
SELECT listing::text, title, description, area, address, lat_e6, lng_e6, salt FROM vault.listing_text

-- name: vault_booking_text
-- Once.
SELECT booking::text, note, address, salt FROM vault.booking_text

-- name: vault_review_text
-- Once.
SELECT review::text, body, salt FROM vault.review_text

-- name: vault_reply_text
-- Once.
SELECT review::text, body, salt FROM vault.reply_text

-- name: vault_remark
-- Once.
SELECT id::text, author::text, body, salt FROM vault.remark
