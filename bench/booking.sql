-- What pgbench writes for one booking: the rows that Holdfast writes for it, without a head, in a transaction of
-- several statements. Same tables, constraints and indexes, same server:
--   cell.booking, cell.booking_line, cell.booking_step, cell.claim, ledger.log, ledger.opening, ledger.outcome
-- Ids are random (hashes of a number that never comes again), listing_terms are there, claims do not overlap: slot
-- `n` is one half hour of one of :calendars calendars, in an order as random as that of the requests; the order is the
-- same in every run (its seed is 2), so that no slot comes twice. From the command line: base (where this run begins), calendars, size (a multiple of calendars: how many slots there are),
-- body (an opening's bytes, as many as Holdfast's have), hash, salt. `i` starts at 0 in each of the 32 clients.
\set i :i + 1
\set k :base + :i * 32 + :client_id
\set n permute(:k, :size, 2)
\set calendar :n % :calendars
\set minute (:n / :calendars) * 30
BEGIN;
INSERT INTO cell.booking (
    id, customer, provider, listing, terms_version, state, starts_at, ends_at, zone, total_minor, placed_at,
    changed_at, steps, reviews
) VALUES (
    md5('booking' || :k::bigint)::uuid, md5('customer' || :k::bigint % 2000)::uuid,
    md5('provider' || :calendar::bigint)::uuid, md5('listing' || :calendar::bigint)::uuid, 1, 'confirmed',
    timestamptz '2030-01-01 00:00+00' + :minute::bigint * interval '1 minute',
    timestamptz '2030-01-01 00:30+00' + :minute::bigint * interval '1 minute',
    'Europe/Lisbon', 2500, now(), now(), 1, 0
);
INSERT INTO cell.booking_line (booking, n, listing, terms_version, minutes, amount_minor)
VALUES (md5('booking' || :k::bigint)::uuid, 1, md5('listing' || :calendar::bigint)::uuid, 1, 30, 2500);
INSERT INTO cell.booking_step (booking, n, state, at, by, seq) VALUES (
    md5('booking' || :k::bigint)::uuid, 1, 'confirmed', now(), md5('customer' || :k::bigint % 2000)::uuid, :k::bigint
);
INSERT INTO cell.claim (calendar, during, booking) VALUES (
    md5('calendar' || :calendar::bigint)::uuid,
    tstzrange(
        timestamptz '2030-01-01 00:00+00' + :minute::bigint * interval '1 minute',
        timestamptz '2030-01-01 00:30+00' + :minute::bigint * interval '1 minute'
    ),
    md5('booking' || :k::bigint)::uuid
);
INSERT INTO ledger.log (seq, entry, leaf) VALUES (:k::bigint, :hash::bytea, :hash::bytea);
INSERT INTO ledger.opening (seq, salt, body) VALUES (:k::bigint, :salt::bytea, :body::bytea);
INSERT INTO ledger.outcome (
    command, actor, key, fingerprint, batch, n, subject, first_seq, events, received_at, decided_at
) VALUES (
    md5('command' || :k::bigint)::uuid, md5('customer' || :k::bigint % 2000)::uuid,
    md5('key' || :k::bigint)::uuid::text, :salt::bytea, :k::bigint, 0, md5('booking' || :k::bigint)::uuid, :k::bigint, 1,
    now(), now()
);
COMMIT;
