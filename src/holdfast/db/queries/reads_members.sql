-- name: me
-- A member as they see themselves. Once for GET /members/me.
SELECT m.id, s.email, p.name, m.time_zone, m.operator_since IS NOT NULL, m.suspended_at, m.joined_at,
    m.rating_count, m.rating_sum
FROM cell.member AS m
JOIN vault.sign_in AS s ON s.member = m.id
JOIN vault.profile AS p ON p.member = m.id
WHERE m.id = %(member)s;

-- name: credentials
-- What a sign-in is checked against, and whom a command line names by address. Once a sign-in.
SELECT s.member, s.password_hash, m.epoch, m.suspended_at
FROM vault.sign_in AS s
JOIN cell.member AS m ON m.id = s.member
WHERE s.email = %(email)s;

-- name: standing
-- Whether a member is suspended. Once after an operator changed it.
SELECT id, suspended_at FROM cell.member WHERE id = %(member)s;
