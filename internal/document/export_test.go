package document

// Archival tells whether a PDF was found to say that it is PDF/A.
func Archival(b Blob) bool { return b.archival }
