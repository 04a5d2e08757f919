-- name: cell_shown
-- The cell itself, once a process and at its home page.
SELECT id::text, currency, zone, public_key, founded_at FROM cell.cell;

-- name: cell_counts
-- How much there is in a cell, for its home page.
SELECT (SELECT count(*) FROM cell.listing WHERE state = 'published'),
       (SELECT count(*) FROM cell.member),
       (SELECT count(*) FROM cell.booking),
       (SELECT size FROM ledger.head);
