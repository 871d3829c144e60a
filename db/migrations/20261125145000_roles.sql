-- +goose Up

-- Who has a post that parties share the cost of, and who answers for a party's
-- money.
ALTER TABLE membership DROP CONSTRAINT membership_role,
	ADD CONSTRAINT membership_role CHECK (role IN ('operator', 'county-administrator', 'strategist', 'officer', 'coordinator',
		'party-administrator', 'party-representative', 'party-reporter', 'party-finance', 'auditor', 'national-analyst'));

-- +goose Down
ALTER TABLE membership DROP CONSTRAINT membership_role,
	ADD CONSTRAINT membership_role CHECK (role IN ('operator', 'county-administrator', 'strategist', 'officer',
		'party-administrator', 'party-representative', 'party-reporter', 'auditor', 'national-analyst'));
