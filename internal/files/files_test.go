package files_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"gocloud.dev/blob/memblob"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/files"
)

// stores are the sorts there are; what is promised holds for each.
func stores(t *testing.T, f func(t *testing.T, s *files.Store)) {
	t.Run("folder", func(t *testing.T) {
		s, _ := folder(t)
		f(t, s)
	})
	t.Run("memory", func(t *testing.T) {
		s := files.Over(memblob.OpenBucket(nil))
		t.Cleanup(func() { _ = s.Close() })
		f(t, s)
	})
	t.Run("s3", func(t *testing.T) { f(t, bucket(t)) })
}

func folder(t *testing.T) (*files.Store, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "kept")
	s, err := files.Open(t.Context(), "file://"+dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, dir
}

func key(county string) string { return county + "/" + uuid.NewString() }

func put(t *testing.T, s *files.Store, key, content string) {
	t.Helper()
	if _, _, err := s.Put(t.Context(), key, strings.NewReader(content), 1<<20); err != nil {
		t.Fatal(err)
	}
}

func list(t *testing.T, s *files.Store, county string) []string {
	t.Helper()
	var keys []string
	for e, err := range s.List(t.Context(), county) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, e.Key)
	}
	return keys
}

func TestWhatIsPutIsReadBack(t *testing.T) {
	stores(t, func(t *testing.T, s *files.Store) {
		k, content := key("kronoberg"), strings.Repeat("målområde ", 20_000)
		size, sum, err := s.Put(t.Context(), k, strings.NewReader(content), int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		if size != int64(len(content)) || sum != sha256.Sum256([]byte(content)) {
			t.Errorf("size %d, sum %x", size, sum)
		}
		for _, c := range []struct {
			offset, length int64
			want           string
		}{{0, -1, content}, {0, 5, content[:5]}, {7, 11, content[7:18]}, {size - 3, -1, content[size-3:]}} {
			r, err := s.Get(t.Context(), k, c.offset, c.length)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			_ = r.Close()
			if err != nil || string(got) != c.want {
				t.Errorf("from %d, %d bytes: %d bytes, %v", c.offset, c.length, len(got), err)
			}
		}
		if e, err := s.Stat(t.Context(), k); err != nil || e.Size != size || e.At.IsZero() {
			t.Errorf("%+v %v", e, err)
		}
	})
}

func TestMoreThanTheLimitIsNeitherKeptNorReadToTheEnd(t *testing.T) {
	stores(t, func(t *testing.T, s *files.Store) {
		endless := &counting{}
		_, _, err := s.Put(t.Context(), key("kronoberg"), endless, 100_000)
		if !errors.Is(err, files.ErrTooLarge) {
			t.Fatal(err)
		}
		if endless.n > 200_000 {
			t.Errorf("%d bytes were taken in", endless.n)
		}
		if ks := list(t, s, "kronoberg"); len(ks) != 0 {
			t.Errorf("kept: %v", ks)
		}
	})
}

type counting struct{ n int }

func (c *counting) Read(p []byte) (int, error) { c.n += len(p); return len(p), nil }

func TestAnUploadThatIsCutOffLeavesNothing(t *testing.T) {
	cut := errors.New("cut off")
	s, dir := folder(t)
	r := io.MultiReader(strings.NewReader(strings.Repeat("x", 70_000)), iotest.ErrReader(cut))
	if _, _, err := s.Put(t.Context(), key("kronoberg"), r, 1<<20); !errors.Is(err, cut) {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone := io.MultiReader(strings.NewReader("x"), readFunc(func([]byte) (int, error) { cancel(); return 0, io.EOF }))
	if _, _, err := s.Put(ctx, key("kronoberg"), gone, 1<<20); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if !e.IsDir() {
			t.Errorf("left: %s", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestNothingIsOverwritten(t *testing.T) {
	stores(t, func(t *testing.T, s *files.Store) {
		k := key("kronoberg")
		put(t, s, k, "first")
		if _, _, err := s.Put(t.Context(), k, strings.NewReader("second"), 100); !errors.Is(err, files.ErrExists) {
			t.Errorf("put again: %v", err)
		}
		r, err := s.Get(t.Context(), k, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		if got, _ := io.ReadAll(r); string(got) != "first" {
			t.Errorf("got %q", got)
		}
	})
}

func TestWhatIsNotThereIsMissing(t *testing.T) {
	stores(t, func(t *testing.T, s *files.Store) {
		k := key("kronoberg")
		if _, err := s.Get(t.Context(), k, 0, -1); !errors.Is(err, files.ErrMissing) {
			t.Errorf("get: %v", err)
		}
		if _, err := s.Stat(t.Context(), k); !errors.Is(err, files.ErrMissing) {
			t.Errorf("stat: %v", err)
		}
		put(t, s, k, "here")
		if err := s.Delete(t.Context(), k); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Stat(t.Context(), k); !errors.Is(err, files.ErrMissing) {
			t.Errorf("deleted, and still there: %v", err)
		}
	})
}

func TestACountysListIsItsOwn(t *testing.T) {
	stores(t, func(t *testing.T, s *files.Store) {
		mine := []string{key("halland"), key("halland")}
		put(t, s, mine[0], "1")
		put(t, s, mine[1], "2")
		put(t, s, key("hallandia"), "3") // begins with the same letters
		put(t, s, key("kronoberg"), "4")
		if mine[0] > mine[1] {
			mine[0], mine[1] = mine[1], mine[0]
		}
		if d := cmp.Diff(mine, list(t, s, "halland")); d != "" {
			t.Error(d)
		}
		if ks := list(t, s, "gotland"); len(ks) != 0 {
			t.Errorf("nothing was put there: %v", ks)
		}
	})
}

func TestNoKeyLeadsOutOfTheStore(t *testing.T) {
	s, dir := folder(t)
	secret := filepath.Join(filepath.Dir(dir), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	id := uuid.NewString()
	keys := []string{"", "/", ".", "..", "../secret", "kronoberg/../../secret", "kronoberg", "kronoberg/", "kronoberg/" + id + "/../../secret",
		"/" + secret, secret, "kronoberg/" + id + "\x00", "kronoberg//" + id, "Kronoberg/" + id, "kronoberg/" + strings.ToUpper(id) + "G",
		"../kronoberg/" + id, "kronoberg/" + id + "\n", "kronoberg/" + id + ".attrs", `kronoberg\..\..\secret`, "kronoberg/%2e%2e/secret"}
	check := func(k string) {
		if _, err := s.Get(t.Context(), k, 0, -1); !errors.Is(err, files.ErrKey) {
			t.Errorf("get %q: %v", k, err)
		}
		if _, err := s.Stat(t.Context(), k); !errors.Is(err, files.ErrKey) {
			t.Errorf("stat %q: %v", k, err)
		}
		if err := s.Delete(t.Context(), k); !errors.Is(err, files.ErrKey) {
			t.Errorf("delete %q: %v", k, err)
		}
		if _, _, err := s.Put(t.Context(), k, strings.NewReader("x"), 10); !errors.Is(err, files.ErrKey) {
			t.Errorf("put %q: %v", k, err)
		}
		if _, err := s.Reader(t.Context(), k, 1); !errors.Is(err, files.ErrKey) {
			t.Errorf("reader %q: %v", k, err)
		}
	}
	for _, k := range keys {
		check(k)
	}
	rapid.Check(t, func(r *rapid.T) {
		check(rapid.StringMatching(`[a-z./\\]{0,12}(\.\./){0,3}[a-z./0-9-]{0,40}`).Draw(r, "key"))
	})
	if b, err := os.ReadFile(secret); err != nil || string(b) != "secret" {
		t.Errorf("%q %v", b, err)
	}
	for _, err := range s.List(t.Context(), "..") {
		if !errors.Is(err, files.ErrKey) {
			t.Errorf("list: %v", err)
		}
	}
}

func TestWhatACrashLeftIsListedAndCanBeTakenAway(t *testing.T) {
	s, dir := folder(t)
	k := key("kronoberg")
	put(t, s, k, "whole")
	for _, name := range []string{k + ".18a0f1c2d3e4f567.tmp", "kronoberg/README.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var left []string
	for e, err := range s.List(t.Context(), "kronoberg") {
		if err != nil {
			t.Fatal(err)
		}
		if e.Partial {
			left = append(left, e.Key)
		} else if e.Key != k {
			t.Errorf("no file of ours: %s", e.Key)
		}
	}
	if len(left) != 1 {
		t.Fatalf("left: %v", left)
	}
	if err := s.Delete(t.Context(), left[0]); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{k}, list(t, s, "kronoberg")); d != "" {
		t.Error(d)
	}
}

func TestTheFolderIsForOneUserAlone(t *testing.T) {
	s, dir := folder(t)
	put(t, s, key("kronoberg"), "x")
	for _, d := range []string{dir, filepath.Join(dir, "kronoberg")} {
		i, err := os.Stat(d)
		if err != nil {
			t.Fatal(err)
		}
		if i.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v", d, i.Mode())
		}
	}
}

func TestAReaderMovesAboutInAFile(t *testing.T) {
	stores(t, func(t *testing.T, s *files.Store) {
		content := []byte("överenskommelsen gäller")
		k := key("kronoberg")
		put(t, s, k, string(content))
		r, err := s.Reader(t.Context(), k, int64(len(content)))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = r.Close() }()
		if err := iotest.TestReader(r, content); err != nil {
			t.Error(err)
		}
		if _, err := r.Seek(-1, io.SeekStart); err == nil {
			t.Error("moved before the beginning")
		}
	})
}

func TestAFileShorterThanItsRowSaysIsAnError(t *testing.T) {
	s, _ := folder(t)
	k := key("kronoberg")
	put(t, s, k, "short")
	r, err := s.Reader(t.Context(), k, 100)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	var b bytes.Buffer
	if _, err := io.Copy(&b, r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d bytes, %v", b.Len(), err)
	}
}

func TestAnAddressThatCannotBeIsRefusedWithoutItsSecrets(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, a := range []string{"", "/var/files", "file://relative/path", "file:///a?metadata=skip", "gs://bucket", "file://" + file,
		"s3://AKIA:hunter2@bucket?region=eu-north-1", "s3://bucket?secret=hunter2", "s3://hunter2:\x7f"} {
		s, err := files.Open(t.Context(), a)
		if err == nil {
			_ = s.Close()
			t.Errorf("%q was opened", a)
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", a, err)
		}
	}
}
