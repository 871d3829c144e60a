-- +goose Up

-- The words that a document is found by, as those of agreements: its title, its
-- kind in both languages and its files' names. Derived, so not in the trail.
CREATE TABLE document_word (
	tenant_id text COLLATE "C" NOT NULL,
	word text COLLATE "C" NOT NULL,
	document_id uuid NOT NULL,
	CONSTRAINT document_word_pkey PRIMARY KEY (tenant_id, word, document_id),
	CONSTRAINT document_word_of FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id)
);
CREATE INDEX document_word_back ON document_word (tenant_id, document_id);
CALL guard('document_word', 'SELECT, INSERT, DELETE');

-- Those that are here already are found by title and file name; a card that is
-- written anew gets all of its words.
INSERT INTO document_word (tenant_id, word, document_id)
SELECT DISTINCT d.tenant_id, f.form, d.id
FROM document d
CROSS JOIN LATERAL (SELECT d.title::text AS said UNION ALL SELECT v.name FROM document_version v WHERE v.tenant_id = d.tenant_id AND v.document_id = d.id) s
CROSS JOIN LATERAL regexp_split_to_table(lower(s.said), '[^[:alnum:]]+') AS w (word)
CROSS JOIN LATERAL (VALUES (left(w.word, 60)), (left(translate(w.word, 'åäöéèüáàç', 'aaoeeuaac'), 60)),
	(coalesce((ts_lexize('swedish_stem', left(w.word, 60)))[1], left(w.word, 60)))) AS f (form)
WHERE w.word <> '';

-- +goose Down
DROP TABLE document_word;
