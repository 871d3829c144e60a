package document

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
)

// What an office file's table of contents may be at most. A real one has some
// hundred entries, and unpacks to less than a hundred times its size.
const (
	directoryLimit = 4 << 20 // bytes
	unpackedLimit  = 1 << 30 // bytes, as the table of contents says
)

var errNotOffice = errors.New("document: not the office file that its name says")

// inspect looks at an office file's table of contents, which stands at the end
// of the archive, and unpacks nothing: whether it is what it says, whether it
// holds macros, and whether it would swell beyond all measure in the hands of
// whoever opens it.
func inspect(ctx context.Context, store *files.Store, b Blob, t fileType) error {
	entries, err := directory(ctx, store, b.key, b.size)
	if err != nil {
		return err
	}
	var part, types bool
	var unpacked uint64
	for _, e := range entries {
		unpacked += e.unpacked
		types = types || e.name == "[Content_Types].xml" || e.name == "mimetype"
		part = part || strings.HasPrefix(e.name, t.part)
		if macro(e.name) {
			return fault.Bad("document.macros", "/file").With("name", b.name)
		}
	}
	switch {
	case !part || !types:
		return errNotOffice
	case unpacked > unpackedLimit:
		return fault.Bad("document.swells", "/file").With("name", b.name)
	}
	return nil
}

// macro tells whether an entry of an office file is a program.
func macro(name string) bool {
	n := strings.ToLower(name)
	// LibreOffice writes the empty library's own list also where there are no macros.
	basic := strings.HasPrefix(n, "basic/") && strings.HasSuffix(n, ".xml") && !strings.HasSuffix(n, "script-lb.xml") && !strings.HasSuffix(n, "script-lc.xml")
	return basic || strings.HasSuffix(n, "vbaproject.bin") || strings.Contains(n, "/activex/") || (strings.HasPrefix(n, "scripts/") && !strings.HasSuffix(n, "/"))
}

type entry struct {
	name     string
	unpacked uint64
}

// directory reads a ZIP archive's table of contents by two reads of parts of
// the file. The standard library's reader would do, were it not that it takes
// any table into memory, however large.
func directory(ctx context.Context, store *files.Store, key string, size int64) ([]entry, error) {
	const endLength, commentLimit = 22, 1<<16 - 1
	tail, err := part(ctx, store, key, max(0, size-endLength-commentLimit), size)
	if err != nil {
		return nil, err
	}
	at := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if at < 0 || len(tail)-at < endLength {
		return nil, errNotOffice
	}
	end := tail[at:]
	le := binary.LittleEndian
	disk, count := le.Uint16(end[4:]), int(le.Uint16(end[10:]))
	length, offset := int64(le.Uint32(end[12:])), int64(le.Uint32(end[16:]))
	// Neither spread over disks nor with something behind it; the large form
	// (ZIP64) is for archives that are refused for their size.
	if disk != 0 || len(end) != endLength+int(le.Uint16(end[20:])) || offset+length > size-int64(len(end)) || length > directoryLimit {
		return nil, errNotOffice
	}
	table, err := part(ctx, store, key, offset, offset+length)
	if err != nil {
		return nil, err
	}
	var entries []entry
	for len(table) >= 46 && bytes.HasPrefix(table, []byte("PK\x01\x02")) {
		name, rest := int(le.Uint16(table[28:])), int(le.Uint16(table[30:]))+int(le.Uint16(table[32:]))
		if len(table) < 46+name+rest {
			return nil, errNotOffice
		}
		entries = append(entries, entry{name: string(table[46 : 46+name]), unpacked: uint64(le.Uint32(table[24:]))})
		table = table[46+name+rest:]
	}
	if len(table) > 0 || len(entries) != count {
		return nil, errNotOffice
	}
	return entries, nil
}

func part(ctx context.Context, store *files.Store, key string, from, to int64) ([]byte, error) {
	r, err := store.Get(ctx, key, from, to-from)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(r, to-from))
	if e := r.Close(); err == nil {
		err = e
	}
	return b, err
}
