package files

import "gocloud.dev/blob"

// Over is a store over any bucket, for tests in memory.
func Over(b *blob.Bucket) *Store { return &Store{bucket: b} }
