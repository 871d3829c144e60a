package files

import (
	"archive/zip"
	"errors"
	"io"
	"mime/multipart"
	"path"
	"strings"
)

// What can be wrong with a folder that somebody sends, for errors.Is.
var (
	ErrFolder  = errors.New("files: the folder cannot be opened")
	ErrTooMany = errors.New("files: more files than the limit")
)

// Named is a file that somebody sends, to be read when it is wanted.
type Named struct {
	Name string
	Open func() (io.ReadCloser, error)
}

// Folder lists the files of a form, and those in the folders among them that are
// packed (ZIP). Nothing is unpacked before it is opened, and whoever reads says
// how much. The list holds while the form does; close it afterwards.
func Folder(sent []*multipart.FileHeader, most int) (list []Named, closed func(), err error) {
	var open []io.Closer
	closed = func() {
		for _, c := range open {
			_ = c.Close()
		}
	}
	add := func(n Named) error {
		if len(list) == most {
			return ErrTooMany
		}
		list = append(list, n)
		return nil
	}
	for _, h := range sent {
		if h.Size == 0 && h.Filename == "" { // no file was chosen
			continue
		}
		if !strings.EqualFold(path.Ext(h.Filename), ".zip") {
			if err = add(Named{h.Filename, func() (io.ReadCloser, error) { return h.Open() }}); err != nil {
				return nil, closed, err
			}
			continue
		}
		f, err := h.Open()
		if err != nil {
			return nil, closed, err
		}
		open = append(open, f)
		z, err := zip.NewReader(f, h.Size)
		if err != nil {
			return nil, closed, ErrFolder
		}
		for _, e := range z.File {
			// A folder packed on a Mac has notes of its own beside each file.
			if e.FileInfo().IsDir() || strings.HasPrefix(e.Name, "__MACOSX/") || strings.HasPrefix(path.Base(e.Name), ".") {
				continue
			}
			if err := add(Named{path.Base(e.Name), func() (io.ReadCloser, error) {
				r, err := e.Open()
				if err != nil {
					return nil, ErrFolder
				}
				return r, nil
			}}); err != nil {
				return nil, closed, err
			}
		}
	}
	return list, closed, nil
}
