package tenant

import (
	"errors"
	"strings"
)

// Why a text is no organisation number.
var (
	ErrNumberForm  = errors.New("an organisation number is ten digits, as 202100-2296, and its third digit is 2 or more")
	ErrNumberCheck = errors.New("the organisation number's last digit, the check digit, does not fit the others")
)

// OrganisationNumber gives the one form of a Swedish organisation number,
// 202100-2296, from that form or from ten digits, or twelve that begin with 16.
// The error is ErrNumberForm or ErrNumberCheck.
func OrganisationNumber(s string) (string, error) {
	head, tail, hyphen := strings.Cut(strings.TrimSpace(s), "-")
	digits := head + tail
	if len(digits) == 12 && strings.HasPrefix(digits, "16") {
		digits, head = digits[2:], head[2:]
	}
	// The third digit is 2 or more so that no date of birth looks like a number.
	if len(digits) != 10 || strings.Trim(digits, "0123456789") != "" || digits[2] < '2' || hyphen && len(head) != 6 {
		return "", ErrNumberForm
	}
	sum := 0
	for n := range len(digits) {
		digit := int(digits[n] - '0')
		if n%2 == 0 {
			digit *= 2
		}
		sum += digit/10 + digit%10
	}
	if sum%10 != 0 {
		return "", ErrNumberCheck
	}
	return digits[:6] + "-" + digits[6:], nil
}
