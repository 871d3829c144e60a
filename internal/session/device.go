package session

import (
	"strings"

	"github.com/overens/overens/internal/text"
)

// Device is what sort of browser on what sort of machine somebody signed in
// with: enough to recognise one's own, too little to follow anybody by.
type Device struct {
	Browser string `json:"browser,omitempty" doc:"The browser's name. Empty: unknown." example:"Firefox"`
	System  string `json:"system,omitempty" doc:"The machine's system. Empty: unknown." example:"Windows"`
}

type mark struct{ in, name string }

// The first that is found says what it is: browsers pretend to be one another.
var (
	browsers = []mark{{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"EdgiOS/", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"},
		{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"}}
	systems = []mark{{"iPhone", "iOS"}, {"iPad", "iPadOS"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
		{"Mac OS X", "macOS"}, {"Linux", "Linux"}}
)

// DeviceOf reads the header User-Agent, of which nothing else is kept.
func DeviceOf(agent string) Device { return Device{find(browsers, agent), find(systems, agent)} }

func find(marks []mark, agent string) string {
	for _, m := range marks {
		if strings.Contains(agent, m.in) {
			return m.name
		}
	}
	return ""
}

// In says the device in words: "Firefox på Windows".
func (d Device) In(l text.Lang) string {
	switch {
	case d.Browser != "" && d.System != "":
		return l.T("session.device", "browser", d.Browser, "system", d.System)
	case d.Browser+d.System != "":
		return d.Browser + d.System
	}
	return l.T("session.device_unknown")
}

func (d Device) text() string { return d.Browser + "/" + d.System }

func device(s string) Device {
	browser, system, _ := strings.Cut(s, "/")
	return Device{browser, system}
}
