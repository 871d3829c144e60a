package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"

	gomail "github.com/wneessen/go-mail"
)

// Refusal is a server's no. It holds the server's numbers and not its words,
// which may repeat the letter, an address or what was said to sign in.
type Refusal struct {
	Code      int    // 550
	Detail    string // "5.1.1", where the server gives one
	Stage     string // what was being said
	Temporary bool   // worth trying later
}

func (r *Refusal) Error() string {
	what := "refused"
	if r.Temporary {
		what = "refused for now"
	}
	code := fmt.Sprint(r.Code)
	if r.Detail != "" {
		code += " " + r.Detail
	}
	return fmt.Sprintf("mail: %s by the server (%s) when %s", what, code, r.Stage)
}

// plain rewrites an error of the library into one that is safe to log.
func plain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return fmt.Errorf("mail: gave up: %w", cause)
	}
	if sent, ok := errors.AsType[*gomail.SendError](err); ok && sent.ErrorCode() != 0 {
		return &Refusal{Code: sent.ErrorCode(), Detail: sent.EnhancedStatusCode(), Stage: sent.Reason.String(), Temporary: sent.IsTemp()}
	}
	if said, ok := errors.AsType[*textproto.Error](err); ok {
		return &Refusal{Code: said.Code, Stage: "greeting or signing in", Temporary: said.Code < 500}
	}
	// These speak of hosts and certificates only.
	if e, ok := errors.AsType[*net.OpError](err); ok {
		return fmt.Errorf("mail: %w", e)
	}
	if e, ok := errors.AsType[*net.DNSError](err); ok {
		return fmt.Errorf("mail: %w", e)
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return fmt.Errorf("mail: %w", e)
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return fmt.Errorf("mail: %w", e)
	}
	return errors.New("mail: the conversation with the server failed (encryption, sign-in or a broken line)")
}
