-- name: principal
-- Who a token's bearer is, if the token still counts. Once for each request of a signed-in member that reads.
SELECT m.id, m.operator_since IS NOT NULL AND m.suspended_at IS NULL, m.suspended_at IS NOT NULL, m.time_zone
FROM cell.member AS m
WHERE m.id = %(member)s AND m.epoch = %(epoch)s
    AND NOT EXISTS (SELECT FROM cell.revoked_token AS r WHERE r.id = %(token)s AND r.member = m.id);
