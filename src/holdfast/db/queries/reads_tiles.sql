-- name: newest_checkpoint
-- The newest checkpoint, for whoever follows the log, and at every request for a part of it.
SELECT size, root, note, signed_at FROM ledger.checkpoint ORDER BY size DESC LIMIT 1;

-- name: full_tiles
-- Full tiles of hashes by level and index, once for a tile or a proof.
SELECT t.level, t.index, t.hashes
FROM unnest(%(levels)s::int[], %(indexes)s::bigint[]) AS asked (level, index)
JOIN ledger.tile t ON t.level = asked.level AND t.index = asked.index;

-- name: log_stretch
-- The entries and leaf hashes of a stretch of the log, at most one tile wide, once for a tile or a proof.
SELECT entry, leaf FROM ledger.log WHERE seq >= %(first)s AND seq < %(last)s ORDER BY seq;
