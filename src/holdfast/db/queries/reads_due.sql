-- name: requests_unanswered
-- Requests whose time to be answered ended before an instant, the longest over first. Once a page of a round of jobs.
SELECT id::text, answer_by
FROM cell.booking
WHERE state = 'requested'
    AND answer_by < timestamptz 'epoch' + %(before)s::bigint * interval '1 microsecond'
    AND (answer_by, id) > (
        timestamptz 'epoch' + %(after)s::bigint * interval '1 microsecond', %(after_id)s::uuid
    )
ORDER BY answer_by, id
LIMIT %(limit)s;

-- name: visits_over
-- Confirmed bookings that ended before an instant, the longest over first. Once a page of a round of jobs.
SELECT id::text, ends_at
FROM cell.booking
WHERE state = 'confirmed'
    AND ends_at < timestamptz 'epoch' + %(before)s::bigint * interval '1 microsecond'
    AND (ends_at, id) > (
        timestamptz 'epoch' + %(after)s::bigint * interval '1 microsecond', %(after_id)s::uuid
    )
ORDER BY ends_at, id
LIMIT %(limit)s;

-- name: reviews_hidden
-- Completed bookings with a hidden review that changed last before an instant. What is hidden is a fortnight's at
-- most, so that its index stays small whatever the history. Once a page of a round of jobs.
SELECT DISTINCT b.id::text, b.changed_at
FROM cell.review AS r
JOIN cell.booking AS b ON b.id = r.booking
WHERE r.visible_since IS NULL
    AND b.changed_at < timestamptz 'epoch' + %(before)s::bigint * interval '1 microsecond'
    AND (b.changed_at, b.id) > (
        timestamptz 'epoch' + %(after)s::bigint * interval '1 microsecond', %(after_id)s::uuid
    )
ORDER BY b.changed_at, b.id::text
LIMIT %(limit)s;
