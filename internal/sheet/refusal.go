package sheet

import (
	"errors"
	"strconv"

	"github.com/overens/overens/internal/fault"
)

// Refusal says why a file is no table that can be read, in the words of the
// subject that it was handed in for (<subject>.unreadable and so on): at /file,
// or at the row where something is wrong. rows is the limit that was set.
func Refusal(subject string, rows int, err error) *fault.Fault {
	at, row := errors.AsType[*Error](err)
	switch {
	case errors.Is(err, ErrEmpty):
		return fault.Bad(subject+".empty", "/file").Because(err)
	case errors.Is(err, ErrTooManyRows):
		return fault.Bad(subject+".too_many", "/file").With("limit", rows).Because(err)
	case errors.Is(err, ErrOldWorkbook):
		return fault.Bad(subject+".old_workbook", "/file").Because(err)
	case row:
		return fault.Bad(subject+".unreadable_row", "/rows/"+strconv.Itoa(at.Row)).With("row", at.Row).Because(err)
	}
	return fault.Bad(subject+".unreadable", "/file").Because(err)
}
