-- name: requests_unanswered
-- Requests whose time to be answered ended before an instant, the longest over first. Once a page of a round of jobs.
SELECT b.id::text, b.answer_by
FROM cell.booking AS b
WHERE b.state = 'requested'
    AND b.answer_by < timestamptz 'epoch' + %(before)s::bigint * interval '1 microsecond'
    AND (b.answer_by, b.id) > (
        timestamptz 'epoch' + %(after)s::bigint * interval '1 microsecond', %(after_id)s::uuid
    )
ORDER BY b.answer_by, b.id
LIMIT %(limit)s;

-- name: visits_over
-- Confirmed bookings that ended before an instant, the longest over first. Once a page of a round of jobs.
SELECT b.id::text, b.ends_at
FROM cell.booking AS b
WHERE b.state = 'confirmed'
    AND b.ends_at < timestamptz 'epoch' + %(before)s::bigint * interval '1 microsecond'
    AND (b.ends_at, b.id) > (
        timestamptz 'epoch' + %(after)s::bigint * interval '1 microsecond', %(after_id)s::uuid
    )
ORDER BY b.ends_at, b.id
LIMIT %(limit)s;

-- name: reviews_hidden
-- Completed bookings with a hidden review that changed last before an instant. What is hidden is a fortnight's at
-- most, so that its index stays small whatever the history. Once a page of a round of jobs.
SELECT b.id::text, b.changed_at
FROM cell.review AS r
JOIN cell.booking AS b ON b.id = r.booking
WHERE r.visible_since IS NULL
    AND b.changed_at < timestamptz 'epoch' + %(before)s::bigint * interval '1 microsecond'
    AND (b.changed_at, b.id) > (
        timestamptz 'epoch' + %(after)s::bigint * interval '1 microsecond', %(after_id)s::uuid
    )
GROUP BY b.id, b.changed_at
ORDER BY b.changed_at, b.id
LIMIT %(limit)s;
