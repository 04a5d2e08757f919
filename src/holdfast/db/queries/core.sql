-- The one path's own statements: the lock, the clock, outcomes, and what the log gains by a batch.

-- name: lock_head
-- The transaction's first statement, alone: what locks and reads at once misses what the last holder committed.
SELECT size, edge, at, epoch, rules_version FROM ledger.head FOR UPDATE;

-- name: core_clock
-- The core's clock, under the lock and in a statement of its own: in the locking one it is from before the wait.
SELECT clock_timestamp();

-- name: load_outcomes
-- What became of these commands, if they were settled before.
SELECT command, actor, key, encode(fingerprint, 'hex'), refusal, subject, first_seq, events, received_at, decided_at
FROM ledger.outcome WHERE command = ANY (%s::uuid[]);

-- name: append_log
-- One row an event and one for the batch's outcomes.
INSERT INTO ledger.log (seq, entry, leaf) SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]);

-- name: append_openings
-- What opens each of those entries.
INSERT INTO ledger.opening (seq, salt, body) SELECT * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[]);

-- name: append_outcomes
-- One row a command, accepted or refused; outcome_once is the last guard of a key.
INSERT INTO ledger.outcome (
    command, actor, key, fingerprint, refusal, subject, first_seq, events, received_at, decided_at, batch, n
)
SELECT command, actor, key, decode(fingerprint, 'hex'), refusal, subject, first_seq, events,
    ledger.instant(received_at), ledger.instant(decided_at), %s::bigint, n - 1
FROM unnest(
    %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::bigint[], %s::int[], %s::bigint[],
    %s::bigint[]
) WITH ORDINALITY AS new (
    command, actor, key, fingerprint, refusal, subject, first_seq, events, received_at, decided_at, n
);

-- name: move_head
-- Once a batch, the last statement before the commit.
UPDATE ledger.head SET size = %s, edge = %s, at = ledger.instant(%s);

-- name: leaves_from
-- The leaf hashes of a tile that a batch completes: 256 rows, once in 256 events.
SELECT leaf FROM ledger.log WHERE seq >= %s AND seq < %s ORDER BY seq;

-- name: tile_hashes
-- The full tiles below one that a batch completes: 256 rows, once in 65,536 events.
SELECT hashes FROM ledger.tile WHERE level = %s AND index >= %s AND index < %s ORDER BY index;

-- name: put_tile
-- A tile that the batch completed.
INSERT INTO ledger.tile (level, index, hashes) VALUES (%s, %s, %s);
