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
-- Where a search for words begins; `search_page` goes on from here. Each word, of at most eight, is found by its stem
-- in two languages, in a title that is spelt nearly so, or in a category of such a name and what is below it. A title
-- counts most, then a category, a nearly spelt title, an area, a description. How near is near enough is set where the
-- words are taken, before the index on titles is asked. Materialized: the planner, which cannot tell how few they are,
-- would find them anew for every listing in reach.
WITH RECURSIVE word (n, plain, query) AS MATERIALIZED (
    SELECT n, plain, websearch_to_tsquery('vault.english', plain) || websearch_to_tsquery('vault.portuguese', plain)
    FROM regexp_split_to_table(vault.plain(%(q)s), '[^[:alnum:]]+') WITH ORDINALITY AS split (plain, n),
         set_config('pg_trgm.word_similarity_threshold', '0.5', true)
    WHERE numnode(websearch_to_tsquery('vault.english', plain)) > 0
      AND numnode(websearch_to_tsquery('vault.portuguese', plain)) > 0
    ORDER BY n
    LIMIT 8
),
named (n, id) AS (
    SELECT word.n, c.id
    FROM word
    JOIN cell.category c ON public.word_similarity(word.plain, vault.plain(c.name)) >= 0.6
    UNION
    SELECT named.n, child.id FROM cell.category child JOIN named ON child.parent = named.id
),
hit (listing, n, likeness, score) AS (
    SELECT t.listing, word.n, 0,
           CASE WHEN ts_filter(t.document, '{a}') @@ word.query
                THEN 1 + public.word_similarity(word.plain, vault.plain(t.title))
                WHEN ts_filter(t.document, '{b}') @@ word.query THEN 0.3
                ELSE 0.2 END
    FROM word
    JOIN vault.listing_text t ON t.document @@ word.query
    UNION ALL
    SELECT near.listing, near.n, near.likeness, 0.6 * near.likeness
    FROM (
        SELECT t.listing, word.n, length(word.plain) AS letters,
               public.word_similarity(word.plain, vault.plain(t.title)) AS likeness
        FROM word
        JOIN vault.listing_text t ON word.plain OPERATOR(public.<%%) vault.plain(t.title)
    ) AS near
    WHERE near.letters > 4 OR near.likeness >= 0.6
    UNION ALL
    SELECT l.id, named.n, 0, 0.7 FROM named JOIN cell.listing l ON l.category = named.id
),
candidate (listing, relevance) AS MATERIALIZED (
    SELECT best.listing, sum(best.score)::float8
    FROM (SELECT hit.listing, hit.n, max(hit.score) + 0.2 * max(hit.likeness) AS score
          FROM hit GROUP BY hit.listing, hit.n) AS best
    JOIN cell.listing l ON l.id = best.listing AND l.state = 'published'
    GROUP BY best.listing
    HAVING count(*) = (SELECT count(*) FROM word)
)

-- name: search_found
-- What fits, of the candidates, with what it is sorted by: `search_page` and `search_count` go on from here. first and
-- second are what is sorted by, ascending; listings without a place of their own come last by distance.
, found AS NOT MATERIALIZED (
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
)

-- name: search_count
-- How much fits, as far as anybody counts, once a page of results.
SELECT count(*) FROM (SELECT FROM found LIMIT %(limit)s) AS counted;

-- name: search_page
-- One batch of a search's results in the order of its sort, after a cursor; ids settle ties. What only the batch needs
-- is joined to it once it is cut.
SELECT page.id::text, page.title, page.area, page.category::text, c.slug, c.name, page.place,
       page.price_minor, page.price_unit, cell.currency, page.duration_min, page.rating_count, page.rating_sum,
       page.distance_m, page.owner::text, coalesce(p.name, ''), page.instant, coalesce(k.zone, cell.zone),
       page.first, page.second
FROM (
    SELECT *
    FROM found
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
