package mail_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"net"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// server is a mail server of a few words, which writes down what it hears.
type server struct {
	t         *testing.T
	address   string
	roots     *x509.CertPool // vouch for it
	tls       *tls.Config
	immediate bool              // TLS from the start
	starttls  bool              // offers STARTTLS
	answers   map[string]string // by command, in place of the usual; "" says nothing at all
	silent    chan struct{}     // told each time nothing is said

	mu       sync.Mutex
	commands []string
	letters  []string
}

// serve starts one. The certificate is for 127.0.0.1.
func serve(t *testing.T, setup func(*server)) *server {
	t.Helper()
	certified := httptest.NewTLSServer(nil)
	defer certified.Close()
	roots := x509.NewCertPool()
	roots.AddCert(certified.Certificate())
	s := &server{t: t, roots: roots, tls: &tls.Config{Certificates: certified.TLS.Certificates}, answers: map[string]string{}, silent: make(chan struct{}, 1)}
	if setup != nil {
		setup(s)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.address = listener.Addr().String()
	if s.immediate {
		listener = tls.NewListener(listener, s.tls)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			talks.Go(func() { s.talk(conn) })
		}
	})
	t.Cleanup(func() { listener.Close(); talks.Wait() })
	return s
}

func (s *server) talk(conn net.Conn) {
	defer func() { conn.Close() }()
	in := bufio.NewReader(conn)
	say := func(lines ...string) { _, _ = conn.Write([]byte(strings.Join(lines, "\r\n") + "\r\n")) }
	secure := s.immediate
	say("220 here")
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		s.mu.Lock()
		s.commands = append(s.commands, line)
		s.mu.Unlock()
		command, _, _ := strings.Cut(strings.ToUpper(line), " ")
		if answer, ok := s.answers[command]; ok {
			if answer == "" {
				s.silent <- struct{}{}
				continue
			}
			say(answer)
			continue
		}
		switch command {
		case "EHLO":
			lines := []string{"250-here", "250-8BITMIME", "250-SMTPUTF8"}
			if s.starttls && !secure {
				lines = append(lines, "250-STARTTLS")
			}
			if secure {
				lines = append(lines, "250-AUTH PLAIN")
			}
			say(append(lines, "250 ENHANCEDSTATUSCODES")...)
		case "STARTTLS":
			say("220 go on")
			conn = tls.Server(conn, s.tls)
			in, secure = bufio.NewReader(conn), true
		case "AUTH":
			say("235 2.7.0 welcome")
		case "DATA":
			say("354 go on")
			var letter strings.Builder
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					return
				}
				if line == ".\r\n" {
					break
				}
				letter.WriteString(strings.TrimPrefix(line, "."))
			}
			s.mu.Lock()
			s.letters = append(s.letters, letter.String())
			s.mu.Unlock()
			if answer, ok := s.answers["."]; ok {
				say(answer)
			} else {
				say("250 2.0.0 taken")
			}
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 2.0.0 fine")
		}
	}
}

// heard tells whether a command beginning so came, and gives it.
func (s *server) heard(prefix string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.commands {
		if strings.HasPrefix(c, prefix) {
			return c, true
		}
	}
	return "", false
}

func (s *server) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.letters
}

func plainSecret(user, password string) string {
	return base64.StdEncoding.EncodeToString([]byte("\x00" + user + "\x00" + password))
}
