-- +goose Up

-- What a decision does in the program is seen by all who see the thing: a
-- confidential matter does nothing there.
ALTER TABLE agenda_item ADD CONSTRAINT agenda_item_act_open CHECK (NOT (confidential AND act <> '')) NOT VALID;
ALTER TABLE decision ADD CONSTRAINT decision_act_open CHECK (NOT (confidential AND act <> '')) NOT VALID;

-- +goose Down
ALTER TABLE decision DROP CONSTRAINT decision_act_open;
ALTER TABLE agenda_item DROP CONSTRAINT agenda_item_act_open;
