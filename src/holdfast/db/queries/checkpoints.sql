-- Signing the log's checkpoints.

-- name: take_lease
-- Every second: the holder keeps the lease, another takes it once it ran out. No row: somebody else signs.
INSERT INTO local.lease (name, holder, until) VALUES ('checkpoints', %s, clock_timestamp() + %s * interval '1 second')
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
WHERE lease.holder = excluded.holder OR lease.until < clock_timestamp()
RETURNING holder;

-- name: durable_head
-- Every second, in a transaction of its own: what is seen here was committed.
SELECT size, edge FROM ledger.head;

-- name: put_checkpoint
-- At most once a second. Another signer of the same size said the same.
INSERT INTO ledger.checkpoint (size, root, note, signed_at) VALUES (%s, %s, %s, clock_timestamp())
ON CONFLICT (size) DO NOTHING;
