-- +goose Up

-- What goals have said, latest first: the beginning of an agreement's timeline,
-- however much came before. Closings are few and have an index.
CREATE INDEX goal_version_latest ON goal_version (tenant_id, instrument_id, valid_from);
-- How many of each level stand on a day is counted in the index alone.
DROP INDEX goal_version_of_instrument;
CREATE INDEX goal_version_of_instrument ON goal_version (tenant_id, instrument_id, until, since) INCLUDE (level);

-- +goose Down
DROP INDEX goal_version_of_instrument, goal_version_latest;
CREATE INDEX goal_version_of_instrument ON goal_version (tenant_id, instrument_id, until);
