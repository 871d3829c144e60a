package files

import (
	"context"
	"errors"
	"io"
)

// Reader reads one file and can be moved about in it: what answering with a
// part of a file asks for. The store is asked at the first Read after a move,
// and for what lies ahead alone.
type Reader struct {
	ctx   context.Context // io.ReadSeeker has no room for it; the reader lives as long as its request
	store *Store
	key   string
	size  int64
	at    int64
	ahead io.ReadCloser // from at to the end; nil when the store is yet to be asked
}

// Reader opens a file whose size is known. ctx must last as long as the reader.
// A file that is missing shows at the first Read. Close it.
func (s *Store) Reader(ctx context.Context, key string, size int64) (*Reader, error) {
	if !whole.MatchString(key) {
		return nil, ErrKey
	}
	return &Reader{ctx: ctx, store: s, key: key, size: size}, nil
}

// Read reads on.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if r.ahead == nil {
		ahead, err := r.store.Get(r.ctx, r.key, r.at, r.size-r.at)
		if err != nil {
			return 0, err
		}
		r.ahead = ahead
	}
	n, err := r.ahead.Read(p)
	r.at += int64(n)
	if errors.Is(err, io.EOF) && r.at < r.size {
		err = io.ErrUnexpectedEOF // shorter than its row says
	}
	return n, err
}

var errSeek = errors.New("files: outside of the file")

// Seek moves to a place in the file.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errSeek
	}
	if offset == r.at {
		return offset, nil
	}
	r.at = offset
	return offset, r.Close()
}

// Close lets go of the store's answer.
func (r *Reader) Close() error {
	if r.ahead == nil {
		return nil
	}
	err := r.ahead.Close()
	r.ahead = nil
	return err
}
