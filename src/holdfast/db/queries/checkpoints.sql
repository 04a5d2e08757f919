-- Signing the log's checkpoints.

-- name: take_lease
-- Every second: the holder keeps the lease, another takes it once it ran out. No row: somebody else signs.
INSERT INTO local.lease (name, holder, until) VALUES ('checkpoints', %s, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.holder = excluded.holder OR lease.until < clock_timestamp()
RETURNING holder;

-- name: durable_head
-- Every second, in a transaction of its own: what is seen here was committed. And the newest checkpoint, to name it.
SELECT size, edge, at, (SELECT max(size) FROM ledger.checkpoint) FROM ledger.head;

-- name: put_checkpoint
-- At most once a second. Another signer of the same size said the same. signed_at is the time of the last entry that
-- was signed, which the log commits to: a clock's reading could be changed by SQL and nobody would know.
INSERT INTO ledger.checkpoint (size, root, note, signed_at)
VALUES (%s, %s, %s, timestamptz 'epoch' + %s * interval '1 microsecond')
ON CONFLICT (size) DO NOTHING;
