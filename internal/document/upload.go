package document

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/fault"
	"github.com/overens/overens/internal/files"
)

// Limit is how large a file may be, in bytes, unless the installation says otherwise.
const Limit int64 = 50 << 20

// Blob is a file that was accepted and lies in the store, on its way to its
// row. Only Accept makes one, so that no row can name another's file.
type Blob struct {
	key, name, mediaType string
	archival             bool
	size                 int64
	sum                  [sha256.Size]byte
}

// Name is the file's name as it will be kept.
func (b Blob) Name() string { return b.name }

// MediaType is what the content was found to be.
func (b Blob) MediaType() string { return b.mediaType }

// Size is how many bytes were stored.
func (b Blob) Size() int64 { return b.size }

// SHA256 is the content's checksum in hexadecimal.
func (b Blob) SHA256() string { return hex.EncodeToString(b.sum[:]) }

// Accept takes a file in: its name tidied, its content looked at while it
// streams by and compared with what the name says, and never more than limit
// bytes (0: Limit). Nothing is unpacked. It runs outside of any unit of work;
// a file for which no row is written afterwards is swept.
func Accept(ctx context.Context, store *files.Store, actor auth.Actor, name string, r io.Reader, limit int64) (Blob, error) {
	if err := actor.Require(auth.DocumentChange); err != nil {
		return Blob{}, err
	}
	if limit <= 0 {
		limit = Limit
	}
	name = FileName(name)
	t, ok := typeOf(name)
	if !ok {
		return Blob{}, fault.Bad("document.type_unknown", "/file").With("name", name, "types", strings.Join(Extensions(), ", "))
	}
	differs := func() error {
		return fault.Bad("document.type_differs", "/file").With("name", name, "type", t.extension)
	}
	head := make([]byte, 1024)
	n, err := io.ReadFull(r, head)
	head = head[:n]
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return Blob{}, fault.Bad("document.empty", "/file").With("name", name)
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return Blob{}, err
	case !t.begins(head):
		return Blob{}, differs()
	}

	whole := io.MultiReader(bytes.NewReader(head), r)
	b := Blob{key: actor.Tenant + "/" + uuid.Must(uuid.NewV7()).String(), name: name, mediaType: t.media}
	var written *textReader
	var marked *markReader
	switch {
	case t.text:
		written = &textReader{r: whole}
		whole = written
	case t.media == "application/pdf":
		marked = &markReader{r: whole, mark: []byte("pdfaid:part")}
		whole = marked
	}
	b.size, b.sum, err = store.Put(ctx, b.key, whole, limit)
	switch {
	case errors.Is(err, files.ErrTooLarge):
		return Blob{}, fault.New(fault.TooLarge, "document.too_large").At("/file").With("name", name, "limit", megabytes(limit))
	case errors.Is(err, errNotText):
		return Blob{}, differs()
	case err != nil:
		return Blob{}, err
	}
	switch {
	case written != nil:
		b.mediaType += "; charset=" + written.charset()
	case marked != nil:
		b.archival = marked.found
	case t.part != "":
		if err := inspect(ctx, store, b, t); err != nil {
			// No row will name it. When it cannot be taken away now, the sweep will.
			_ = store.Delete(context.WithoutCancel(ctx), b.key)
			if errors.Is(err, errNotOffice) {
				return Blob{}, differs()
			}
			return Blob{}, err
		}
	}
	return b, nil
}

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d kB", n>>10)
	}
	return fmt.Sprintf("%d MB", n>>20)
}
