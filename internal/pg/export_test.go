package pg

// Key is how a constraint's refusal becomes a fault's key, for the test that
// looks for its words.
var Key = key
