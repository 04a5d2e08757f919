-- name: bearers_by_email
-- Who tokens are minted for, by address. Once a command line.
SELECT s.email, m.id::text, m.epoch
FROM vault.sign_in AS s
JOIN cell.member AS m ON m.id = s.member
WHERE s.email = ANY (%(emails)s::text[]);

-- name: customers
-- Members who offer nothing, run nothing and may book, those who joined first before others. Once a command line.
SELECT s.email, m.id::text, m.epoch
FROM cell.member AS m
JOIN vault.sign_in AS s ON s.member = m.id
WHERE m.operator_since IS NULL
    AND m.suspended_at IS NULL
    AND NOT EXISTS (SELECT FROM cell.calendar AS c WHERE c.owner = m.id)
ORDER BY m.joined_at, m.id
LIMIT %(most)s;
