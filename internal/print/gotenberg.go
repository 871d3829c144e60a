package print

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

// gotenberg prints with a server of its own. What that may fetch is for whoever
// runs it to close.
type gotenberg struct {
	address string
	host    string
	client  *http.Client
}

func newGotenberg(u *url.URL) *gotenberg {
	return &gotenberg{
		address: u.JoinPath("forms/chromium/convert/html").String(),
		host:    u.Host,
		client: &http.Client{
			Timeout: timeLimit,
			// The document goes where it was meant to go and nowhere else.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

func (g *gotenberg) String() string { return "Gotenberg at " + g.host }

// Refusal is Gotenberg's no. It holds its number and not its words, which may
// repeat the document.
type Refusal struct{ Code int }

func (r *Refusal) Error() string {
	return fmt.Sprintf("print: Gotenberg answered %d", r.Code)
}

// Temporary says whether another try may go better.
func (r *Refusal) Temporary() bool {
	return r.Code >= 500 || r.Code == http.StatusTooManyRequests || r.Code == http.StatusRequestTimeout
}

// Unwrap says that it is the document's fault where Gotenberg says so.
func (r *Refusal) Unwrap() error {
	if r.Code == http.StatusBadRequest {
		return ErrDocument
	}
	return nil
}

// Print sends the document and waits for the PDF.
func (g *gotenberg) Print(ctx context.Context, d Document) ([]byte, error) {
	if err := check(d); err != nil {
		return nil, err
	}
	form, contentType, err := encode(d)
	if err != nil {
		return nil, fmt.Errorf("print: write the document down: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, g.address, form)
	if err != nil {
		return nil, fmt.Errorf("print: ask Gotenberg: %w", err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := g.client.Do(request)
	if cause := context.Cause(ctx); cause != nil {
		return nil, fmt.Errorf("print: gave up: %w", cause)
	}
	if err != nil {
		return nil, fmt.Errorf("print: ask Gotenberg: %w", errors.Unwrap(err)) // the address is known
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, &Refusal{response.StatusCode}
	}
	pdf, err := io.ReadAll(io.LimitReader(response.Body, resultLimit+1))
	if err != nil {
		return nil, fmt.Errorf("print: hear Gotenberg out: %w", err)
	}
	return checkResult(pdf)
}

func encode(d Document) (*bytes.Buffer, string, error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	margin := strconv.FormatFloat(0.8, 'f', -1, 64)
	for _, field := range [][2]string{
		{"generateDocumentOutline", "true"}, {"generateTaggedPdf", "true"},
		{"preferCssPageSize", "true"}, {"printBackground", "true"},
		{"paperWidth", "210mm"}, {"paperHeight", "297mm"},
		{"marginTop", margin}, {"marginBottom", margin}, {"marginLeft", margin}, {"marginRight", margin},
	} {
		if err := form.WriteField(field[0], field[1]); err != nil {
			return nil, "", err
		}
	}
	files := maps.Clone(d.Assets)
	if files == nil {
		files = map[string][]byte{}
	}
	files[page] = d.HTML
	for _, name := range slices.Sorted(maps.Keys(files)) {
		w, err := form.CreateFormFile("files", name)
		if err != nil {
			return nil, "", err
		}
		if _, err := w.Write(files[name]); err != nil {
			return nil, "", err
		}
	}
	return &b, form.FormDataContentType(), form.Close()
}
