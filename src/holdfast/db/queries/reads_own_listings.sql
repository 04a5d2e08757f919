-- name: own_listings
-- A part of a member's listings in every state, the one changed last first. Once for a list of them.
SELECT l.id, l.state, coalesce(t.title, ''), c.id, c.slug, c.name, v.price_minor, v.price_unit, cell.currency,
    l.version, l.rating_count, l.rating_sum, l.changed_at
FROM cell.listing AS l
CROSS JOIN cell.cell
JOIN cell.category AS c ON c.id = l.category
JOIN cell.listing_terms AS v ON v.listing = l.id AND v.version = l.version
LEFT JOIN vault.listing_text AS t ON t.listing = l.id
WHERE l.owner = %(owner)s::uuid
    AND (
        %(changed_at)s::bigint IS NULL
        OR (l.changed_at, l.id) < (
            timestamptz 'epoch' + %(changed_at)s::bigint * interval '1 microsecond', %(after)s::uuid
        )
    )
ORDER BY l.changed_at DESC, l.id DESC
LIMIT %(limit)s;
