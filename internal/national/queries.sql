-- name: Counties :many
-- Every county, with how many organisations it has published.
SELECT c.tenant_id, coalesce(c.code, '')::text AS code, c.names, count(o.id) AS published
FROM county c LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND (o.valid_from IS NULL OR o.valid_from <= @on_day) AND (o.valid_to IS NULL OR o.valid_to > @on_day)
WHERE c.kind = 'county'
GROUP BY c.tenant_id, c.code, c.names ORDER BY c.code;
