-- name: bookings_page
-- A member's bookings on either side, the latest start first, a page at a time. A request that nobody answered in
-- time shows as expired, before the log says so.
SELECT b.id::text, b.customer::text, b.provider::text, b.listing::text, b.terms_version, b.shown_state, b.starts_at,
       b.ends_at, b.zone, b.total_minor, b.refund_minor, CASE WHEN b.shown_state = 'requested' THEN b.answer_by END,
       b.placed_at, b.changed_at, b.steps, b.reviews, coalesce(t.title, ''), coalesce(c.name, ''), coalesce(p.name, ''),
       (SELECT currency FROM cell.cell)
FROM (
    SELECT *, CASE WHEN state = 'requested' AND answer_by <= ledger.instant(%(now)s) THEN 'expired' ELSE state END
        AS shown_state
    FROM cell.booking
    WHERE ((customer = %(member)s AND %(as_customer)s::boolean) OR (provider = %(member)s AND %(as_provider)s::boolean))
      AND (%(since)s::bigint IS NULL OR starts_at >= ledger.instant(%(since)s))
      AND (%(until)s::bigint IS NULL OR starts_at < ledger.instant(%(until)s))
      AND (%(after_id)s::uuid IS NULL
           OR (starts_at, id) < (ledger.instant(%(after_start)s), %(after_id)s::uuid))
) AS b
LEFT JOIN vault.listing_text t ON t.listing = b.listing
LEFT JOIN vault.profile c ON c.member = b.customer
LEFT JOIN vault.profile p ON p.member = b.provider
WHERE %(state)s::text IS NULL OR b.shown_state = %(state)s::text
ORDER BY b.starts_at DESC, b.id DESC
LIMIT %(limit)s;

-- name: booking_shown
-- One booking for its two parties and for operators, once a request. The note is for the parties, the address for the
-- customer, and for the provider while they are expected there.
SELECT b.id::text, b.customer::text, b.provider::text, b.listing::text, b.terms_version,
       CASE WHEN b.state = 'requested' AND b.answer_by <= ledger.instant(%(now)s) THEN 'expired' ELSE b.state END,
       b.starts_at, b.ends_at, b.zone, b.total_minor, b.refund_minor,
       CASE WHEN b.answer_by > ledger.instant(%(now)s) THEN b.answer_by END, b.placed_at, b.changed_at,
       b.steps, b.reviews, coalesce(t.title, ''), coalesce(c.name, ''), coalesce(p.name, ''),
       (SELECT currency FROM cell.cell),
       CASE WHEN %(viewer)s::uuid IN (b.customer, b.provider) THEN w.note END,
       CASE WHEN %(viewer)s::uuid = b.customer
                 OR (%(viewer)s::uuid = b.provider AND b.state IN ('confirmed', 'completed', 'no_show'))
            THEN w.address END
FROM cell.booking b
LEFT JOIN vault.booking_text w ON w.booking = b.id
LEFT JOIN vault.listing_text t ON t.listing = b.listing
LEFT JOIN vault.profile c ON c.member = b.customer
LEFT JOIN vault.profile p ON p.member = b.provider
WHERE b.id = %(booking)s AND (%(viewer)s::uuid IN (b.customer, b.provider) OR %(operator)s::boolean);

-- name: booking_steps
-- The history of a booking, in order, with the reasons that were given, once a request.
SELECT s.state, s.at,
       CASE s.by WHEN b.customer THEN 'customer' WHEN b.provider THEN 'provider'
            WHEN '00000000-0000-0000-0000-000000000000' THEN 'system' ELSE 'operator' END,
       s.seq, r.body
FROM cell.booking_step s
JOIN cell.booking b ON b.id = s.booking
LEFT JOIN vault.remark r ON r.id = s.remark
WHERE s.booking = %(booking)s
ORDER BY s.n;
