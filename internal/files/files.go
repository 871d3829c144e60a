// Package files keeps the contents of files outside the database: in a folder,
// or in a bucket that speaks S3, as the address says. What a file is, who may
// read it and which row stands for it, the rooms know; here it is a key and
// its bytes.
//
//	file:///var/lib/overens/files
//	s3://bucket?region=eu-north-1
//
// A key is the county's slug, a slash and a UUID. Nothing else is a key, so no
// name that somebody typed can become a path.
package files

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	_ "gocloud.dev/blob/s3blob" // addresses that begin with s3://
	"gocloud.dev/gcerrors"

	"github.com/overens/overens/internal/tenant"
)

// What can be wrong, for errors.Is.
var (
	ErrKey      = errors.New("files: this is no key")
	ErrMissing  = errors.New("files: nothing is kept under this key")
	ErrExists   = errors.New("files: the key is taken; what is kept is never overwritten")
	ErrTooLarge = errors.New("files: more than the limit")
)

// Store is where files are kept. It may be used by many at once.
type Store struct {
	bucket *blob.Bucket
	folder string // "" unless it is a folder of this machine
}

// Open opens the store at an address. A folder is made when it is missing, and
// then for this user alone. The keys to a bucket come from the environment, as
// the S3 libraries read it, never from the address.
func Open(ctx context.Context, address string) (*Store, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("files: the address: %w", errors.Unwrap(err)) // the text itself may hold a secret
	}
	if u.User != nil {
		return nil, errors.New("files: the address holds a password; give it in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY)")
	}
	switch u.Scheme {
	case "file":
		if (u.Host != "" && u.Host != "localhost") || !filepath.IsAbs(u.Path) || u.RawQuery != "" {
			return nil, errors.New("files: a folder's address is file:/// and its whole path")
		}
		folder := filepath.Clean(u.Path)
		// The unfinished file lies beside the finished one, since a rename does
		// not reach across file systems; List shows what a crash left behind.
		b, err := fileblob.OpenBucket(folder, &fileblob.Options{CreateDir: true, DirFileMode: 0o700, NoTempDir: true, Metadata: fileblob.MetadataDontWrite})
		if err != nil {
			return nil, fmt.Errorf("files: the folder: %w", err)
		}
		return &Store{bucket: b, folder: folder}, nil
	case "s3":
		for name := range u.Query() {
			if !slices.Contains(parameters, name) {
				return nil, fmt.Errorf("files: a bucket's address has no %q; it may have %s", name, strings.Join(parameters, ", "))
			}
		}
		b, err := blob.OpenBucket(ctx, address)
		if err != nil {
			return nil, fmt.Errorf("files: the bucket: %w", err)
		}
		return &Store{bucket: b}, nil
	}
	return nil, fmt.Errorf("files: %q is neither file nor s3", u.Scheme)
}

// parameters are what a bucket's address may say. Others are refused here, by
// name and without what they say.
var parameters = []string{"region", "endpoint", "prefix", "use_path_style", "disable_https", "ssetype", "kmskeyid",
	"request_checksum_calculation", "response_checksum_validation"}

// Close lets go of the store.
func (s *Store) Close() error { return s.bucket.Close() }

const id = `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`

var (
	whole   = regexp.MustCompile(`^[a-z][a-z-]{1,39}/` + id + `$`)
	partial = regexp.MustCompile(`^[a-z][a-z-]{1,39}/` + id + `\.[0-9a-f]{1,16}\.tmp$`)
)

// Put keeps what r gives under a new key, and tells its size and SHA-256. It is
// there as a whole or not at all. More than limit bytes is ErrTooLarge, seen
// while reading and before anything more is taken in. An error of r comes back
// as it is.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, limit int64) (size int64, sum [sha256.Size]byte, err error) {
	if !whole.MatchString(key) {
		return 0, sum, ErrKey
	}
	// Ending ctx is how a writer is told to give up what it has.
	ctx, giveUp := context.WithCancel(ctx)
	defer giveUp()
	var file *os.File
	w, err := s.bucket.NewWriter(ctx, key, &blob.WriterOptions{
		ContentType: "application/octet-stream", // the row knows better, and the bytes are not guessed at
		IfNotExist:  true,
		BeforeWrite: func(as func(any) bool) error {
			as(&file)
			return nil
		},
	})
	if err != nil {
		return 0, sum, fmt.Errorf("files: %w", err)
	}
	h := sha256.New()
	size, err = io.Copy(io.MultiWriter(w, h), io.LimitReader(r, limit+1))
	if err == nil && size > limit {
		err = ErrTooLarge
	}
	if err == nil && file != nil {
		// The row comes after; a loss of power must not leave it without its file.
		err = file.Sync()
	}
	if err != nil {
		giveUp()
		_ = w.Close()
		return 0, sum, err
	}
	if err := w.Close(); err != nil {
		if gcerrors.Code(err) == gcerrors.FailedPrecondition {
			return 0, sum, ErrExists
		}
		return 0, sum, fmt.Errorf("files: %w", err)
	}
	if file != nil {
		if err := syncFolder(filepath.Dir(file.Name())); err != nil {
			return 0, sum, fmt.Errorf("files: %w", err)
		}
	}
	return size, [sha256.Size]byte(h.Sum(nil)), nil
}

// syncFolder makes a rename last.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
}

// Get reads length bytes from offset on; a negative length is to the end.
// Close it.
func (s *Store) Get(ctx context.Context, key string, offset, length int64) (io.ReadCloser, error) {
	if !whole.MatchString(key) {
		return nil, ErrKey
	}
	r, err := s.bucket.NewRangeReader(ctx, key, offset, length, nil)
	if err != nil {
		return nil, known(err)
	}
	return r, nil
}

// Stat tells of one file without reading it.
func (s *Store) Stat(ctx context.Context, key string) (Entry, error) {
	if !whole.MatchString(key) {
		return Entry{}, ErrKey
	}
	a, err := s.bucket.Attributes(ctx, key)
	if err != nil {
		return Entry{}, known(err)
	}
	return Entry{Key: key, Size: a.Size, At: a.ModTime}, nil
}

// Delete takes a file away, or what List calls partial. What is not there is
// ErrMissing.
func (s *Store) Delete(ctx context.Context, key string) error {
	if !whole.MatchString(key) && !partial.MatchString(key) {
		return ErrKey
	}
	return known(s.bucket.Delete(ctx, key))
}

func known(err error) error {
	switch {
	case err == nil:
		return nil
	case gcerrors.Code(err) == gcerrors.NotFound:
		return ErrMissing
	}
	return fmt.Errorf("files: %w", err)
}

// Entry is one file in a list.
type Entry struct {
	Key     string
	Size    int64
	At      time.Time // when it was put there, by the store's clock
	Partial bool      // left by a Put that was cut off, or under way
}

// List gives a county's files by key, in byte order. What lies there and is no
// file of ours is passed over.
func (s *Store) List(ctx context.Context, county string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if !tenant.ValidSlug(county) {
			yield(Entry{}, ErrKey)
			return
		}
		list := s.bucket.List(&blob.ListOptions{Prefix: county + "/"})
		for {
			o, err := list.Next(ctx)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(Entry{}, fmt.Errorf("files: %w", err))
				return
			}
			e := Entry{Key: o.Key, Size: o.Size, At: o.ModTime, Partial: partial.MatchString(o.Key)}
			if (e.Partial || whole.MatchString(o.Key)) && !yield(e, nil) {
				return
			}
		}
	}
}
