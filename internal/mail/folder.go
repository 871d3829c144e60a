package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	gomail "github.com/wneessen/go-mail"
)

// folder lays every letter in a file named by its ID, whole or not at all, so
// that the same piece sent twice is still one file.
func folder(u *url.URL) (deliver, error) {
	if u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != "" || u.User != nil {
		return nil, errors.New("mail: URL of a folder must be file:///path, from the root")
	}
	path := filepath.Clean(u.Path)
	return func(ctx context.Context, m *gomail.Msg, id string) (err error) {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("mail: gave up: %w", err)
		}
		if err := os.MkdirAll(path, 0o700); err != nil { //nolint:gosec // the operator names the folder
			return fmt.Errorf("mail: make folder: %w", err)
		}
		draft, err := os.CreateTemp(path, ".draft-*") // 0600 from the start
		if err != nil {
			return fmt.Errorf("mail: make file: %w", err)
		}
		defer func() {
			if err != nil {
				_ = os.Remove(draft.Name()) //nolint:gosec // the file just made
			}
		}()
		_, err = m.WriteTo(draft)
		if err = errors.Join(err, draft.Close()); err != nil {
			return fmt.Errorf("mail: write file: %w", err)
		}
		if err := os.Rename(draft.Name(), filepath.Join(path, id+".eml")); err != nil { //nolint:gosec // ids are checked by Send
			return fmt.Errorf("mail: name file: %w", err)
		}
		return nil
	}, nil
}
