-- name: booking_event
-- The event of one step of a booking (null: its latest) with what opens its entry, for the two parties and operators,
-- once a receipt.
SELECT s.seq, s.n, o.salt, o.body
FROM cell.booking_step s
JOIN cell.booking b ON b.id = s.booking
JOIN ledger.opening o ON o.seq = s.seq
WHERE s.booking = %(booking)s AND (%(step)s::int IS NULL OR s.n = %(step)s::int)
  AND (%(viewer)s::uuid IN (b.customer, b.provider) OR %(operator)s::boolean)
ORDER BY s.n DESC
LIMIT 1;

-- name: outcome_shown
-- What became of a command, for its actor alone, once a look at it.
SELECT command::text, refusal, subject::text, received_at, decided_at,
       EXISTS (SELECT FROM cell.booking b WHERE b.id = subject)
FROM ledger.outcome
WHERE command = %(command)s AND actor = %(actor)s;
