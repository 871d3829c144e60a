package audit

// Named tells whether a sort of thing has a name.
func Named(subject string) bool { _, ok := readable[subject]; return ok }
