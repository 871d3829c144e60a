package audit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/overens/overens/internal/audit/internal/auditdb"
	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/pg"
)

// Break is a place where a chain does not hold.
type Break struct {
	Seq int64
	Why string // English: a message of a command
}

func (b Break) String() string { return fmt.Sprintf("row %d: %s", b.Seq, b.Why) }

// Report is what verifying a county's chain has shown.
type Report struct {
	Rows   int64
	Masked int64
	Head   string // seq:hash of the last row; kept elsewhere it shows that the whole chain was not made anew
	Breaks []Break
}

// stretch is how many rows are read at a time.
const stretch = 1000

// most is how many breaks are told of: after that the trail is known to be broken.
const most = 50

// Verify reads the county's whole chain: no row changed, missing, added or moved,
// no personal body changed, nothing cut off at the end. anchor, when not empty,
// is a Head of an earlier run that must still stand in the chain.
func Verify(ctx context.Context, tx *pg.Tx, anchor string) (Report, error) {
	if err := tx.Require(auth.AuditRead); err != nil {
		return Report{}, err
	}
	q := auditdb.New(tx)
	var r Report
	broken := func(seq int64, why string) {
		if len(r.Breaks) < most {
			r.Breaks = append(r.Breaks, Break{seq, why})
		}
	}
	anchored := anchor == ""
	var last []byte
	looked := false // whether the end has been looked at once more
	for next := int64(1); ; {
		rows, err := q.Chain(ctx, auditdb.ChainParams{TenantID: tx.Tenant, After: next - 1, Max: stretch})
		if err != nil {
			return r, err
		}
		for _, row := range rows {
			if row.Seq != next {
				broken(next, fmt.Sprintf("missing; the next row is %d", row.Seq))
			}
			if !bytes.Equal(row.Hash, row.Want) {
				broken(row.Seq, "its hash does not fit its content and the row before")
			}
			switch digest := sha256.Sum256(append(bytes.Clone(row.Salt), row.Personal...)); {
			case row.PersonalDigest == nil && row.HasPersonal:
				broken(row.Seq, "has personal fields that the chain knows nothing of")
			case row.PersonalDigest != nil && !row.HasPersonal:
				broken(row.Seq, "its personal fields are gone, and were not masked")
			case row.Masked:
				r.Masked++
			case row.HasPersonal && !bytes.Equal(digest[:], row.PersonalDigest):
				broken(row.Seq, "its personal fields do not fit their digest")
			}
			last, next = row.Hash, row.Seq+1
			anchored = anchored || anchor == head(row.Seq, row.Hash)
			r.Rows++
		}
		looked = looked && len(rows) == 0
		if len(rows) == stretch {
			continue
		}
		end, err := q.Head(ctx, tx.Tenant)
		if fault.Is(err, "common.not_found") {
			end, err = auditdb.HeadRow{}, nil
		}
		if err != nil {
			return r, err
		}
		// Others commit meanwhile: a head that has moved on must have rows by now.
		if end.Seq >= next && !looked {
			looked = true
			continue
		}
		if end.Seq != next-1 || !bytes.Equal(end.Hash, last) {
			broken(next, fmt.Sprintf("the chain ends at row %d, its head says %d", next-1, end.Seq))
		}
		break
	}
	if !anchored {
		broken(0, "the anchor "+anchor+" does not stand in the chain")
	}
	if last != nil {
		r.Head = head(r.Rows, last)
	}
	return r, nil
}

func head(seq int64, hash []byte) string { return fmt.Sprintf("%d:%s", seq, hex.EncodeToString(hash)) }
