//go:build unix

package pgdev

import "testing"

// SharedFile is the lock file of the shared server in the working directory's repository, for tests to remove behind them.
func SharedFile(t *testing.T, uid int) string {
	t.Helper()
	root, err := repoRoot()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Find()
	if err != nil {
		t.Fatal(err)
	}
	as, err := serverAccount()
	if err != nil {
		t.Fatal(err)
	}
	base, err := throwAwayBase(as)
	if err != nil {
		t.Fatal(err)
	}
	return sharedFile(base, root, b, uid)
}
