-- name: PapersOf :many
-- The papers of some matters, replaced versions among them, with what their documents are called.
SELECT sqlc.embed(p), d.title FROM agenda_paper p JOIN document d ON d.tenant_id = p.tenant_id AND d.id = p.document_id
WHERE p.item_id = ANY (@matters::uuid[]) ORDER BY p.item_id, d.title, p.document_id, p.number DESC;

-- name: Paper :one
SELECT sqlc.embed(p), d.title FROM agenda_paper p JOIN document d ON d.tenant_id = p.tenant_id AND d.id = p.document_id WHERE p.id = @id;

-- name: AddPaper :exec
INSERT INTO agenda_paper (id, item_id, meeting_id, document_id, number, late, note, added_by, added_at)
VALUES (@id, @item_id, @meeting_id, @document_id, @number, @late, @note, @added_by, @added_at);

-- name: ReplacePapers :many
-- Earlier versions of a document on a matter have had a later one take their place.
UPDATE agenda_paper SET replaced_at = @replaced_at WHERE item_id = @item_id AND document_id = @document_id AND replaced_at IS NULL RETURNING id;

-- name: ReadersOf :many
-- Who has opened some versions of a paper.
SELECT DISTINCT person_id FROM paper_read WHERE paper_id = ANY (@papers::uuid[]);

-- name: CopyPapers :exec
INSERT INTO agenda_paper (id, item_id, meeting_id, document_id, number, late, note, added_by, added_at)
SELECT n.id, @to_item, sqlc.narg('meeting_id')::uuid, p.document_id, p.number, false, p.note, p.added_by, @added_at
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@papers::uuid[]) AS paper_id) n JOIN agenda_paper p ON p.id = n.paper_id;

-- name: ReadPapers :exec
-- Who opened what; what is known already stays as it was first.
INSERT INTO paper_read (paper_id, person_id, read_at)
SELECT n.paper_id, n.person_id, n.read_at FROM (SELECT unnest(@papers::uuid[]) AS paper_id, unnest(@people::uuid[]) AS person_id, unnest(@times::timestamptz[]) AS read_at) n
ON CONFLICT DO NOTHING;
