// Package mail is the outlet for letters. It sends finished text over SMTP,
// or lays it in a folder while developing. It knows no room and decides
// nothing about who is written to.
package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	gomail "github.com/wneessen/go-mail"
)

// Message is one letter to one address.
type Message struct {
	To      string // "anna@example.se" or "Anna Ek <anna@example.se>"
	Subject string // line breaks and other control characters become spaces
	Text    string

	// ID is the left half of the Message-ID: letters, digits, ".", "_", "-".
	// The same piece sent twice keeps its ID, so that both can be recognised
	// as one.
	ID string

	Calendar    *Calendar // what the recipient's calendar should do; may be nil
	Attachments []Attachment
}

// Config says where letters go.
type Config struct {
	// URL is one of
	//
	//	smtp://user@host:587     STARTTLS is required
	//	smtps://host:465         TLS from the start
	//	smtp://127.0.0.1:1025?tls=off   only for a host that is this machine
	//	file:///folder           each letter a file, for development
	//	""                       nothing is sent: ErrOff
	URL      string
	Password string         // of the user in URL
	From     string         // sender of every letter: "Överens <overens@example.se>"
	RootCAs  *x509.CertPool // who may vouch for the server; nil: whom the system trusts
}

var (
	// ErrOff is the answer of an outlet that has no address to send to.
	ErrOff = errors.New("mail: sending is off: no address is configured")
	// ErrMessage is wrapped when the letter itself cannot be sent, now or later.
	ErrMessage = errors.New("mail: the message cannot be sent")
)

// Outlet sends letters. It may be used by many at once.
type Outlet struct {
	from   *mail.Address
	domain string // right half of every Message-ID
	deliver
	where string
}

// deliver hands one letter over.
type deliver func(ctx context.Context, m *gomail.Msg, id string) error

// String says where letters go, without user or password.
func (o *Outlet) String() string { return o.where }

// New makes an outlet, or says what is wrong with its configuration. It
// connects to nothing.
func New(c Config) (*Outlet, error) {
	if c.URL == "" {
		return &Outlet{where: "off"}, nil
	}
	from, err := address(c.From)
	if err != nil {
		return nil, errors.New("mail: From is no address")
	}
	_, domain, _ := cut(from.Address)
	o := &Outlet{from: from, domain: domain}
	u, err := url.Parse(c.URL)
	if err != nil {
		// The parser's own words would quote the address, and a password in it.
		return nil, errors.New("mail: URL cannot be read")
	}
	o.where = u.Scheme + "://" + u.Host + u.Path
	switch u.Scheme {
	case "smtp", "smtps":
		o.deliver, err = server(u, c, domain)
	case "file":
		o.deliver, err = folder(u)
	default:
		err = errors.New("mail: URL must begin with smtp://, smtps:// or file:///")
	}
	if err != nil {
		return nil, err
	}
	return o, nil
}

// Send hands one letter over, and returns when the receiving side has
// answered for it. Its errors quote neither the letter nor the password nor
// anybody's address.
func (o *Outlet) Send(ctx context.Context, m Message) error {
	if o.deliver == nil {
		return ErrOff
	}
	letter, err := o.letter(m)
	if err != nil {
		return err
	}
	return o.deliver(ctx, letter, m.ID)
}

var goodID = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$`)

func (o *Outlet) letter(m Message) (*gomail.Msg, error) {
	to, err := address(m.To)
	if err != nil {
		return nil, err
	}
	if !goodID.MatchString(m.ID) {
		return nil, fmt.Errorf("%w: it has no usable ID", ErrMessage)
	}
	subject := oneLine(m.Subject)
	if subject == "" || strings.TrimSpace(m.Text) == "" {
		return nil, fmt.Errorf("%w: subject and text are required", ErrMessage)
	}
	letter := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	letter.FromMailAddress(o.from)
	letter.ToMailAddress(to)
	letter.Subject(subject)
	letter.SetMessageIDWithValue(m.ID + "@" + o.domain)
	letter.SetDate()
	// Both keep a recipient's holiday notice from answering a program. The
	// second is what Exchange listens to.
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetGenHeader("X-Auto-Response-Suppress", "OOF, AutoReply")
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.ToValidUTF8(m.Text, "\uFFFD"))
	letter.SetBodyString(gomail.TypeTextPlain, text)
	if err := enclose(letter, m); err != nil {
		return nil, err
	}
	return letter, nil
}

// address reads exactly one address. Nothing that could break a header or an
// SMTP command gets through, also inside quotes.
func address(s string) (*mail.Address, error) {
	bad := fmt.Errorf("%w: an address is wrong", ErrMessage)
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
		return nil, bad
	}
	a, err := mail.ParseAddress(s)
	if err != nil || len(a.Address) > 254 {
		return nil, bad
	}
	if local, domain, ok := cut(a.Address); !ok || strings.ContainsAny(local, " <>") || strings.ContainsAny(domain, " <>[]") {
		return nil, bad
	}
	return a, nil
}

func cut(address string) (local, domain string, ok bool) {
	i := strings.LastIndexByte(address, '@')
	if i < 1 || i == len(address)-1 {
		return "", "", false
	}
	return address[:i], address[i+1:], true
}

// oneLine turns whatever was written into one line of plain words.
func oneLine(s string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	})
	return strings.Join(words, " ")
}

const (
	stepLimit  = 30 * time.Second // one exchange with the server
	totalLimit = 2 * time.Minute  // the whole of one letter
)

func server(u *url.URL, c Config, helo string) (deliver, error) {
	if (u.Path != "" && u.Path != "/") || u.Hostname() == "" || u.Fragment != "" {
		return nil, errors.New("mail: URL must be smtp://[user@]host[:port]")
	}
	user := u.User.Username()
	if _, has := u.User.Password(); has {
		return nil, errors.New("mail: the password has its own setting and is not written in URL")
	}
	if (user == "") != (c.Password == "") {
		return nil, errors.New("mail: user (in URL) and password come together or not at all")
	}
	secure, err := encrypted(u)
	if err != nil {
		return nil, err
	}
	if !secure && user != "" {
		return nil, errors.New("mail: no password is sent with tls=off")
	}
	immediate := u.Scheme == "smtps"
	port := map[bool]int{true: 465, false: 587}[immediate]
	if given := u.Port(); given != "" {
		if port, err = strconv.Atoi(given); err != nil {
			return nil, errors.New("mail: the port in URL is no number")
		}
	}
	trust := &tls.Config{ServerName: u.Hostname(), RootCAs: c.RootCAs, MinVersion: tls.VersionTLS12}

	options := []gomail.Option{
		gomail.WithPort(port),
		gomail.WithTimeout(stepLimit),
		// The machine's own name says nothing outside a container, and strict
		// servers refuse it.
		gomail.WithHELO(helo),
		gomail.WithTLSConfig(trust),
		gomail.WithTLSPolicy(gomail.NoTLS),
	}
	if secure && !immediate {
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if user != "" {
		options = append(options, gomail.WithUsername(user), gomail.WithPassword(c.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	return func(ctx context.Context, m *gomail.Msg, _ string) error {
		ctx, cancel := context.WithTimeout(ctx, totalLimit)
		defer cancel()
		// The library heeds ctx only while dialling. Closing the connection
		// under it is what ends a conversation that nobody waits for.
		dial := func(_ context.Context, network, address string) (net.Conn, error) {
			var conn net.Conn
			var err error
			if immediate {
				conn, err = (&tls.Dialer{Config: trust}).DialContext(ctx, network, address)
			} else {
				conn, err = new(net.Dialer).DialContext(ctx, network, address)
			}
			if err == nil {
				context.AfterFunc(ctx, func() { _ = conn.Close() })
			}
			return conn, err
		}
		client, err := gomail.NewClient(u.Hostname(), append(slices.Clip(options), gomail.WithDialContextFunc(dial))...)
		if err != nil {
			return errors.New("mail: the server's settings are refused by the client")
		}
		err = client.DialAndSendWithContext(ctx, m)
		if m.IsDelivered() {
			// What failed after the server took the letter is only the goodbye.
			// To report it would make somebody send the letter again.
			return nil
		}
		return plain(ctx, err)
	}, nil
}

// encrypted reads the one query parameter there is.
func encrypted(u *url.URL) (bool, error) {
	q := u.Query()
	if len(q) == 0 {
		return true, nil
	}
	if len(q) > 1 || q.Get("tls") != "off" || u.Scheme != "smtp" {
		return false, errors.New(`mail: the only parameter is "tls=off", with smtp://`)
	}
	host := u.Hostname()
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return false, errors.New("mail: tls=off is only for a host that is this machine")
	}
	return false, nil
}
