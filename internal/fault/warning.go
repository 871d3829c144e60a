package fault

// Warning is what was accepted and is still worth a look. Key is a key of package
// text.
type Warning struct {
	Key  string `json:"key" doc:"Which warning." example:"meeting.on_holiday"`
	Args Args   `json:"args,omitempty" doc:"The values of its message."`
}
