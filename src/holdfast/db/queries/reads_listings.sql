-- name: listing_shown
-- A listing for its page, once a request. A draft or what is withdrawn is there for its owner and operators only, and
-- so is everything of a suspended member.
SELECT l.id::text, l.state, l.version, l.owner::text, coalesce(p.name, ''), m.rating_count, m.rating_sum,
       c.id::text, c.slug, c.name,
       coalesce(t.title, ''), coalesce(t.description, ''), coalesce(t.area, ''), coalesce(t.address, ''),
       t.lat_e6, t.lng_e6, coalesce(k.zone, cell.zone), cell.currency,
       l.rating_count, l.rating_sum, l.stars, l.drafted_at, l.published_at
FROM cell.listing l
CROSS JOIN cell.cell
JOIN cell.member m ON m.id = l.owner
JOIN cell.category c ON c.id = l.category
JOIN cell.listing_terms v ON v.listing = l.id AND v.version = l.version
LEFT JOIN cell.calendar k ON k.id = v.calendars[1]
LEFT JOIN vault.listing_text t ON t.listing = l.id
LEFT JOIN vault.profile p ON p.member = l.owner
WHERE l.id = %(listing)s
  AND ((l.state = 'published' AND m.suspended_at IS NULL) OR l.owner = %(viewer)s::uuid OR %(operator)s::boolean);

-- name: terms_versions
-- The terms of listings in the versions asked for (null: the newest), once a request.
SELECT v.listing::text, v.version, v.calendars::text[], v.place, v.price_minor, v.price_unit,
       v.duration_min, v.duration_max_min, v.step_min, v.buffer_before_min, v.buffer_after_min,
       v.notice_min, v.horizon_days, v.answer_within_min, v.instant, v.tier_hours, v.tier_percents, v.since
FROM unnest(%(listings)s::uuid[], %(versions)s::int[]) AS asked (listing, version)
JOIN cell.listing l ON l.id = asked.listing
JOIN cell.listing_terms v ON v.listing = l.id AND v.version = coalesce(asked.version, l.version);
