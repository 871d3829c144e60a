package mail_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/overens/overens/internal/mail"
)

const sender = "Överens <overens@example.se>"

func letter() mail.Message {
	return mail.Message{
		To:      "Åsa Öberg <asa@example.se>",
		Subject: "Kallelse till Växjö den 3 mars, på länsstyrelsen, i det stora sammanträdesrummet",
		Text:    "Hej\n\nMötet är på länsstyrelsen.\n.\nVälkommen åter\n",
		ID:      "0190-meeting-1",
	}
}

func outlet(t *testing.T, c mail.Config) *mail.Outlet {
	t.Helper()
	c.From = sender
	o, err := mail.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// read takes a letter apart as a recipient's program does.
func read(t interface {
	Helper()
	Fatal(...any)
}, raw string) (netmail.Header, string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return m.Header, strings.ReplaceAll(string(text), "\r\n", "\n")
}

func checkLetter(t *testing.T, raw string) {
	t.Helper()
	for i := range len(raw) {
		if raw[i] > 126 {
			t.Fatalf("not plain ASCII on the wire: %q", raw)
		}
	}
	header, text := read(t, raw)
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(letter().Subject, subject); diff != "" {
		t.Errorf("subject (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(strings.TrimSpace(letter().Text), strings.TrimSpace(text)); diff != "" {
		t.Errorf("text (-want +got):\n%s", diff)
	}
	for name, want := range map[string]string{
		"Auto-Submitted": "auto-generated",
		"Message-Id":     "<0190-meeting-1@example.se>",
		"Content-Type":   "text/plain; charset=UTF-8",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]netmail.Address{
		"From": {Name: "Överens", Address: "overens@example.se"},
		"To":   {Name: "Åsa Öberg", Address: "asa@example.se"},
	} {
		got, err := header.AddressList(name)
		if err != nil || len(got) != 1 || *got[0] != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestEveryWayOut(t *testing.T) {
	for name, c := range map[string]struct {
		setup  func(*server)
		url    string // with %s for the address
		secret string
	}{
		"plain on this machine": {nil, "smtp://%s?tls=off", ""},
		"STARTTLS":              {func(s *server) { s.starttls = true }, "smtp://%s", ""},
		"STARTTLS and sign-in":  {func(s *server) { s.starttls = true }, "smtp://overens@%s", "hemligt"},
		"TLS":                   {func(s *server) { s.immediate = true }, "smtps://%s", ""},
		"TLS and sign-in":       {func(s *server) { s.immediate = true }, "smtps://overens@%s", "hemligt"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, c.setup)
			o := outlet(t, mail.Config{URL: fmt.Sprintf(c.url, s.address), Password: c.secret, RootCAs: s.roots})
			if err := o.Send(t.Context(), letter()); err != nil {
				t.Fatal(err)
			}
			if len(s.taken()) != 1 {
				t.Fatalf("%d letters", len(s.taken()))
			}
			checkLetter(t, s.taken()[0])
			if got, _ := s.heard("RCPT"); got != "RCPT TO:<asa@example.se>" {
				t.Errorf("recipient: %q", got)
			}
			said, signedIn := s.heard("AUTH")
			if signedIn != (c.secret != "") || signedIn && !strings.HasSuffix(said, plainSecret("overens", c.secret)) {
				t.Errorf("sign-in: %q", said)
			}
		})
	}
}

func TestFolder(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "ut åt")
	o := outlet(t, mail.Config{URL: "file://" + folder})
	for range 2 { // the same piece twice is one file
		if err := o.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{filepath.Join(folder, "0190-meeting-1.eml")}, files); diff != "" {
		t.Fatalf("files (-want +got):\n%s", diff)
	}
	raw, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	checkLetter(t, string(raw))
	if left, _ := filepath.Glob(filepath.Join(folder, ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestOff(t *testing.T) {
	o, err := mail.New(mail.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if err := o.Send(t.Context(), letter()); !errors.Is(err, mail.ErrOff) {
		t.Errorf("got %v", err)
	}
}

func TestNothingIsSentInTheOpen(t *testing.T) {
	for name, user := range map[string]string{"no STARTTLS": "", "no STARTTLS, with password": "overens@"} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, nil)
			c := mail.Config{URL: "smtp://" + user + s.address, RootCAs: s.roots}
			if user != "" {
				c.Password = "hemligt"
			}
			if err := outlet(t, c).Send(t.Context(), letter()); err == nil {
				t.Error("accepted")
			}
			for _, word := range []string{"MAIL", "AUTH"} {
				if said, ok := s.heard(word); ok {
					t.Errorf("said %q", said)
				}
			}
		})
	}
	t.Run("a server nobody vouches for", func(t *testing.T) {
		s := serve(t, func(s *server) { s.starttls = true })
		o := outlet(t, mail.Config{URL: "smtp://" + s.address})
		if err := o.Send(t.Context(), letter()); err == nil || !strings.Contains(err.Error(), "certificate") {
			t.Errorf("got %v", err)
		}
	})
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		command, answer string
		code            int
		detail          string
		temporary       bool
	}{
		"unknown recipient": {"RCPT", "550 5.1.1 asa@example.se is nobody", 550, "5.1.1", false},
		"busy":              {"MAIL", "451 4.3.0 later", 451, "4.3.0", true},
		"letter refused":    {".", "554 5.7.1 I read: Mötet är på länsstyrelsen", 554, "5.7.1", false},
		"wrong password":    {"AUTH", "535 5.7.8 " + plainSecret("overens", "hemligt"), 535, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, func(s *server) { s.starttls = true; s.answers[c.command] = c.answer })
			o := outlet(t, mail.Config{URL: "smtp://overens@" + s.address, Password: "hemligt", RootCAs: s.roots})
			err := o.Send(t.Context(), letter())
			no, ok := errors.AsType[*mail.Refusal](err)
			if !ok {
				t.Fatalf("got %v", err)
			}
			if no.Code != c.code || no.Detail != c.detail || no.Temporary != c.temporary {
				t.Errorf("got %+v", no)
			}
			for _, secret := range []string{"hemligt", "asa@", "sstyrelsen", plainSecret("overens", "hemligt")} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("%q tells %q", err, secret)
				}
			}
		})
	}
}

// A letter that the server took is sent, whatever happens to the goodbye:
// whoever is told otherwise sends it again.
func TestTakenIsSent(t *testing.T) {
	s := serve(t, func(s *server) { s.answers["RSET"] = "421 4.3.2 closing"; s.answers["QUIT"] = "421 4.3.2 closing" })
	o := outlet(t, mail.Config{URL: "smtp://" + s.address + "?tls=off"})
	if err := o.Send(t.Context(), letter()); err != nil {
		t.Error(err)
	}
	if len(s.taken()) != 1 {
		t.Errorf("%d letters", len(s.taken()))
	}
}

func TestGivingUp(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := serve(t, func(s *server) { s.answers["MAIL"] = "" })
	o := outlet(t, mail.Config{URL: "smtp://" + s.address + "?tls=off"})
	done := make(chan error, 1)
	go func() { done <- o.Send(ctx, letter()) }()
	<-s.silent
	cancel() // the server will never answer
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestMessagesThatCannotBeSent(t *testing.T) {
	o := outlet(t, mail.Config{URL: "file://" + t.TempDir()})
	for name, spoil := range map[string]func(*mail.Message){
		"no address":      func(m *mail.Message) { m.To = "" },
		"two addresses":   func(m *mail.Message) { m.To = "a@example.se, b@example.se" },
		"no domain":       func(m *mail.Message) { m.To = "asa" },
		"line in address": func(m *mail.Message) { m.To = "asa@example.se\r\nBcc: b@example.se" },
		"line in quotes":  func(m *mail.Message) { m.To = "\"a\\\r\nb\"@example.se" },
		"command inside":  func(m *mail.Message) { m.To = `"a> b"@example.se` },
		"no subject":      func(m *mail.Message) { m.Subject = " \r\n " },
		"no text":         func(m *mail.Message) { m.Text = "\n" },
		"no ID":           func(m *mail.Message) { m.ID = "" },
		"path as ID":      func(m *mail.Message) { m.ID = "../../x" },
		"line in ID":      func(m *mail.Message) { m.ID = "x\r\nBcc: b" },
	} {
		m := letter()
		spoil(&m)
		if err := o.Send(t.Context(), m); !errors.Is(err, mail.ErrMessage) {
			t.Errorf("%s: %v", name, err)
		} else if m.To != "" && strings.Contains(err.Error(), m.To) {
			t.Errorf("%s: the error tells the address", name)
		}
	}
}

// Whatever is written in a letter, its headers are the outlet's own, and the
// text arrives as it was.
func TestWordsStayWords(t *testing.T) {
	folder := t.TempDir()
	o := outlet(t, mail.Config{URL: "file://" + folder})
	m := letter()
	if err := o.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	names := func(t interface {
		Helper()
		Fatal(...any)
	}) (map[string]int, netmail.Header, string) {
		raw, err := os.ReadFile(filepath.Join(folder, m.ID+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		header, text := read(t, string(raw))
		count := map[string]int{}
		for name, values := range header {
			count[name] = len(values)
		}
		return count, header, text
	}
	want, _, _ := names(t)
	line := rapid.OneOf(rapid.String(), rapid.StringMatching(`[a-zåäö ]{0,80}(\r\n|\n|\r|\x{2028}|\x00|=\?)(Bcc|Subject): [a-z@.]{1,20}`))
	rapid.Check(t, func(t *rapid.T) {
		m := m
		m.Subject, m.Text = "x"+line.Draw(t, "subject"), "x"+line.Draw(t, "text")+"x"
		if err := o.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		count, header, text := names(t)
		if diff := cmp.Diff(want, count); diff != "" {
			t.Fatalf("headers (-want +got):\n%s", diff)
		}
		if got := header.Get("Subject"); strings.ContainsAny(got, "\r\n") {
			t.Fatalf("subject %q", got)
		}
		sent := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(m.Text)
		if got := strings.TrimSuffix(text, "\n"); got != sent {
			t.Fatalf("text %q, want %q", got, sent)
		}
	})
}

func TestConfigurationIsChecked(t *testing.T) {
	for name, c := range map[string]mail.Config{
		"no sender":               {URL: "smtp://mail.example.se"},
		"no sender's address":     {URL: "smtp://mail.example.se", From: "Överens"},
		"other scheme":            {URL: "http://mail.example.se", From: sender},
		"no host":                 {URL: "smtp://", From: sender},
		"a path":                  {URL: "smtp://mail.example.se/inbox", From: sender},
		"password in URL":         {URL: "smtp://overens:hemligt@mail.example.se", From: sender},
		"unreadable, with secret": {URL: "smtp://overens:hemligt@mail.example.se:port", From: sender},
		"user without password":   {URL: "smtp://overens@mail.example.se", From: sender},
		"password without user":   {URL: "smtp://mail.example.se", From: sender, Password: "hemligt"},
		"open to elsewhere":       {URL: "smtp://mail.example.se?tls=off", From: sender},
		"open by another word":    {URL: "smtp://127.0.0.1?tls=no", From: sender},
		"open with password":      {URL: "smtp://overens@127.0.0.1?tls=off", From: sender, Password: "hemligt"},
		"both":                    {URL: "smtps://127.0.0.1?tls=off", From: sender},
		"relative folder":         {URL: "file://data/mail", From: sender},
	} {
		_, err := mail.New(c)
		if err == nil {
			t.Errorf("%s: accepted", name)
		} else if strings.Contains(err.Error(), "hemligt") {
			t.Errorf("%s: %q tells the password", name, err)
		}
	}
	o := outlet(t, mail.Config{URL: "smtp://overens@mail.example.se:587", Password: "hemligt"})
	if got := fmt.Sprintf("%v %+v", o, o); strings.Contains(got, "hemligt") || !strings.Contains(got, "mail.example.se") {
		t.Errorf("as text: %s", got)
	}
}
