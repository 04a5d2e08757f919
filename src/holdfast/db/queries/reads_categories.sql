-- name: tree
-- All categories, parents before their children, siblings by ordinal and name. Once for a page that shows them.
WITH RECURSIVE tree AS (
    SELECT c.id, c.slug, c.name, c.parent, c.ordinal, 0 AS depth, ARRAY[ROW(c.ordinal, c.name, c.id)] AS path
    FROM cell.category AS c
    WHERE c.parent IS NULL
    UNION ALL
    SELECT c.id, c.slug, c.name, c.parent, c.ordinal, t.depth + 1, t.path || ROW(c.ordinal, c.name, c.id)
    FROM cell.category AS c
    JOIN tree AS t ON t.id = c.parent
)
SELECT id, slug, name, parent, ordinal, depth FROM tree ORDER BY path;

-- name: category
-- One category, by id or slug: there are few. Once for a request that names one.
SELECT id, slug, name, parent, ordinal FROM cell.category WHERE id::text = %(name)s OR slug = %(name)s;
