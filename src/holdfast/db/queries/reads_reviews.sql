-- name: listing_reviews
-- What customers say of a listing, the newest first, a page at a time; hidden ones are not there yet.
SELECT r.id::text, r.booking::text, r.listing::text, r.side, r.author::text, coalesce(a.name, ''), r.subject::text,
       r.stars, coalesce(w.body, ''), r.written_at, r.visible_since, y.body, r.replied_at
FROM cell.review r
LEFT JOIN vault.review_text w ON w.review = r.id
LEFT JOIN vault.reply_text y ON y.review = r.id
LEFT JOIN vault.profile a ON a.member = r.author
WHERE r.listing = %(listing)s AND r.side = 'customer' AND r.visible_since IS NOT NULL
  AND (%(stars)s::int IS NULL OR r.stars = %(stars)s::int)
  AND (%(after_id)s::uuid IS NULL
       OR (r.visible_since, r.id) < (ledger.instant(%(after_since)s), %(after_id)s::uuid))
ORDER BY r.visible_since DESC, r.id DESC
LIMIT %(limit)s;

-- name: reviews_shown
-- Reviews of one booking, or one by its id, once a request: what is visible, and the viewer's own.
SELECT r.id::text, r.booking::text, r.listing::text, r.side, r.author::text, coalesce(a.name, ''), r.subject::text,
       r.stars, coalesce(w.body, ''), r.written_at, r.visible_since, y.body, r.replied_at
FROM cell.review r
LEFT JOIN vault.review_text w ON w.review = r.id
LEFT JOIN vault.reply_text y ON y.review = r.id
LEFT JOIN vault.profile a ON a.member = r.author
WHERE (r.booking = %(booking)s::uuid OR r.id = %(review)s::uuid)
  AND (r.visible_since IS NOT NULL OR r.author = %(viewer)s::uuid)
ORDER BY r.written_at, r.id;
