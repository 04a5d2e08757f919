-- name: category_subtree
-- A category, by id or slug, and everything below it, once a search within one.
WITH RECURSIVE below (id) AS (
    SELECT id FROM cell.category WHERE id::text = %(category)s OR slug = %(category)s
    UNION
    SELECT child.id FROM cell.category child JOIN below ON child.parent = below.id
)
SELECT id::text FROM below;

-- name: candidates_all
-- Where a search without words begins; `search_page` goes on from here.
WITH candidate (listing, relevance) AS NOT MATERIALIZED (
    SELECT id, 0::float8 FROM cell.listing WHERE state = 'published'
)

-- name: candidates_by_words
-- Where a search for words begins: stems in two languages, titles that are spelt nearly so, categories of such a name
-- and what is below them; `search_page` goes on from here.
WITH RECURSIVE words (query, plain) AS (
    SELECT websearch_to_tsquery('vault.english', %(q)s) || websearch_to_tsquery('vault.portuguese', %(q)s),
           vault.plain(%(q)s)
),
named (id) AS (
    SELECT c.id FROM cell.category c, words WHERE words.plain OPERATOR(public.<%%) vault.plain(c.name)
    UNION
    SELECT child.id FROM cell.category child JOIN named ON child.parent = named.id
),
matching (listing) AS (
    SELECT t.listing FROM vault.listing_text t, words WHERE t.document @@ words.query
    UNION
    SELECT t.listing FROM vault.listing_text t, words WHERE words.plain OPERATOR(public.<%%) vault.plain(t.title)
    UNION
    SELECT l.id FROM cell.listing l JOIN named ON l.category = named.id WHERE l.state = 'published'
),
candidate (listing, relevance) AS (
    SELECT t.listing,
           4 * ts_rank(t.document, words.query)::float8
           + public.word_similarity(words.plain, vault.plain(t.title))::float8
           + CASE WHEN l.category IN (SELECT id FROM named) THEN 0.25 ELSE 0 END
    FROM matching
    JOIN cell.listing l ON l.id = matching.listing AND l.state = 'published'
    JOIN vault.listing_text t ON t.listing = matching.listing
    CROSS JOIN words
)

-- name: search_page
-- One batch of a search's results in the order of its sort, after a cursor. first and second are what is sorted by,
-- ascending; ids settle ties. Listings without a place of their own come last by distance. What only the batch needs
-- is joined to it once it is cut.
SELECT page.id::text, page.title, page.area, page.category::text, c.slug, c.name, page.place,
       page.price_minor, page.price_unit, cell.currency, page.duration_min, page.rating_count, page.rating_sum,
       page.distance_m, page.owner::text, coalesce(p.name, ''), page.instant, coalesce(k.zone, cell.zone),
       page.first, page.second
FROM (
    SELECT *
    FROM (
        SELECT of.*,
               CASE %(sort)s::text
                   WHEN 'distance' THEN coalesce(of.distance_m, 1e12)
                   WHEN 'price' THEN of.price_minor
                   WHEN 'rating' THEN - of.rating_sum::float8 / greatest(of.rating_count, 1)
                   WHEN 'newest' THEN - extract(epoch FROM of.published_at)::float8
                   ELSE - of.relevance
               END AS first,
               CASE WHEN %(sort)s::text IN ('rating', 'relevance')
                    THEN - (of.rating_sum + 15)::float8 / (of.rating_count + 5) ELSE 0 END AS second
        FROM (
            SELECT l.id, t.title, t.area, l.category, v.place, v.price_minor, v.price_unit, v.duration_min,
                   v.instant, v.calendars[1] AS calendar, l.rating_count, l.rating_sum, l.owner, l.published_at,
                   candidate.relevance,
                   public.earth_distance(
                       public.ll_to_earth(t.lat_e6 / 1e6, t.lng_e6 / 1e6),
                       public.ll_to_earth(%(lat)s::float8, %(lng)s::float8)) AS distance_m
            FROM candidate
            JOIN cell.listing l ON l.id = candidate.listing
            JOIN cell.member m ON m.id = l.owner AND m.suspended_at IS NULL
            JOIN cell.listing_terms v ON v.listing = l.id AND v.version = l.version
            JOIN vault.listing_text t ON t.listing = l.id
            WHERE (%(categories)s::uuid[] IS NULL OR l.category = ANY (%(categories)s::uuid[]))
              AND (%(price_min)s::int IS NULL OR v.price_minor >= %(price_min)s::int)
              AND (%(price_max)s::int IS NULL OR v.price_minor <= %(price_max)s::int)
              AND (%(place)s::text IS NULL OR v.place = %(place)s::text)
              AND (%(for_min)s::int IS NULL OR v.duration_max_min >= %(for_min)s::int)
              AND (%(rating_min)s::float8 IS NULL
                   OR (l.rating_count > 0 AND l.rating_sum >= %(rating_min)s::float8 * l.rating_count))
              AND (%(within_m)s::float8 IS NULL
                   OR public.earth_box(public.ll_to_earth(%(lat)s::float8, %(lng)s::float8), %(within_m)s::float8)
                      OPERATOR(public.@>) public.ll_to_earth(t.lat_e6 / 1e6, t.lng_e6 / 1e6))
        ) AS of
        WHERE %(within_m)s::float8 IS NULL OR of.distance_m <= %(within_m)s::float8
    ) AS found
    WHERE %(after_id)s::uuid IS NULL
       OR (found.first, found.second, found.id)
          > (%(after_first)s::float8, %(after_second)s::float8, %(after_id)s::uuid)
    ORDER BY found.first, found.second, found.id
    LIMIT %(limit)s
) AS page
CROSS JOIN cell.cell
JOIN cell.category c ON c.id = page.category
LEFT JOIN cell.calendar k ON k.id = page.calendar
LEFT JOIN vault.profile p ON p.member = page.owner
ORDER BY page.first, page.second, page.id
