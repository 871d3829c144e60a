-- +goose Up

-- A mandate that was entered by mistake is withdrawn: it ends on the day that it
-- begins, with the reason, so it held on no day and stands in the history.
ALTER TABLE mandate DROP CONSTRAINT mandate_days;
ALTER TABLE mandate ADD CONSTRAINT mandate_days CHECK (valid_to > valid_from OR valid_to = valid_from AND ended_reason <> '');

-- +goose Down
ALTER TABLE mandate DROP CONSTRAINT mandate_days;
ALTER TABLE mandate ADD CONSTRAINT mandate_days CHECK (valid_to > valid_from) NOT VALID;
