-- The state of a demo's seeding.

-- name: seeding
-- How far the seeding of a demo has come: the core's clock, the log's size, until when the cell is
-- simulated, whether the last command has an outcome. Once a start.
SELECT clock_timestamp(), head.size, cell.simulated_until,
       EXISTS (SELECT FROM ledger.outcome WHERE command = %s)
  FROM ledger.head LEFT JOIN cell.cell ON true;
