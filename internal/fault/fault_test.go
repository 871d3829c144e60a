package fault_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/overens/overens/internal/fault"
)

func TestAFaultIsFoundByItsKeyHoweverDeepItLies(t *testing.T) {
	f := fault.Bad("organisation.number_wrong", "/organisationNumber").With("number", "12")
	for _, err := range []error{f, fmt.Errorf("saving: %w", f), fault.List{fault.Bad("x.y", ""), f}} {
		if !fault.Is(err, "organisation.number_wrong") {
			t.Errorf("not found in %v", err)
		}
		if fault.Is(err, "organisation.other") {
			t.Errorf("another key found in %v", err)
		}
	}
}

func TestAListHoldsAllOfThem(t *testing.T) {
	var l fault.List
	if l.Err() != nil {
		t.Fatal("an empty list is no error")
	}
	l.Add(nil)
	l.Add(fault.Bad("a.b", "/a"))
	l.Add(fault.List{fault.Bad("c.d", "/c"), fault.Bad("e.f", "/e")})
	l.Add(errors.New("not a fault"))
	if got := len(fault.All(l.Err())); got != 3 {
		t.Errorf("%d faults, want 3", got)
	}
}

func TestAnInternalErrorHasNoFaults(t *testing.T) {
	if got := fault.All(errors.New("disk full")); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestTheCauseIsKeptForTheLog(t *testing.T) {
	cause := errors.New("SQLSTATE 23505")
	if err := fault.New(fault.Conflict, "x.y").Because(cause); !errors.Is(err, cause) {
		t.Error("cause lost")
	}
}
