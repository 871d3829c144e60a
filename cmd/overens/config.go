package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Config is everything that the environment says. It is read here and nowhere
// else; README.md lists it.
type Config struct {
	DatabaseURL      string // the server's login
	OwnerDatabaseURL string // the owner's: migrate alone
	Addr             string
	MetricsAddr      string
	PublicURL        string // makes every absolute address
	Mail             MailConfig
	FilesURL         string // where documents' files lie
	FilesLimit       int64  // how large one may be, in bytes
	Chromium         string // the program that makes PDF; empty: looked for
	GotenbergURL     string // a server that makes PDF, in its place
	LogLevel         slog.Level
	PopulationHosts  []string // that figures of population may be fetched from
	Data             string   // where the demo keeps its database, letters, files and key

	getenv func(string) string
}

// MailConfig is where letters leave.
type MailConfig struct{ URL, Password, From string }

// ReadConfig reads the environment. A NAME_FILE variable names a file that
// holds NAME's value: for secrets that a platform mounts.
func ReadConfig(getenv func(string) string) (Config, error) {
	var wrong []error
	get := func(name, otherwise string) string {
		if file := getenv(name + "_FILE"); file != "" {
			b, err := os.ReadFile(filepath.Clean(file))
			if err != nil {
				wrong = append(wrong, fmt.Errorf("%s_FILE: %w", name, err))
			}
			return strings.TrimRight(string(b), "\r\n")
		}
		if v := getenv(name); v != "" {
			return v
		}
		return otherwise
	}
	c := Config{
		DatabaseURL: get("DATABASE_URL", ""), OwnerDatabaseURL: get("OWNER_DATABASE_URL", ""),
		Addr: get("ADDR", "127.0.0.1:8080"), MetricsAddr: get("METRICS_ADDR", ""),
		PublicURL: strings.TrimRight(get("PUBLIC_URL", ""), "/"),
		Mail:      MailConfig{URL: get("MAIL_URL", ""), Password: get("MAIL_PASSWORD", ""), From: get("MAIL_FROM", "")},
		FilesURL:  get("FILES_URL", ""),
		Chromium:  get("CHROMIUM", ""), GotenbergURL: get("GOTENBERG_URL", ""),
		PopulationHosts: hostsOf(get("POPULATION_HOSTS", "api.scb.se,statistikdatabasen.scb.se,www.statistikdatabasen.scb.se")),
		Data:            get("OVERENS_DATA", ".data"),
		getenv:          getenv,
	}
	var err error
	if c.FilesLimit, err = bytesOf(get("FILES_LIMIT", "50 MB")); err != nil {
		wrong = append(wrong, fmt.Errorf("FILES_LIMIT: %w", err))
	}
	if level := get("LOG_LEVEL", ""); level != "" {
		if err := c.LogLevel.UnmarshalText([]byte(level)); err != nil {
			wrong = append(wrong, fmt.Errorf("LOG_LEVEL is %q; it can be debug, info, warn or error", level))
		}
	}
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") || u.Path != "" || u.RawQuery != "" {
			wrong = append(wrong, fmt.Errorf("PUBLIC_URL is %q; it must be like https://overens.example, without a path", c.PublicURL))
		}
	}
	return c, errors.Join(wrong...)
}

// need says which variables a command cannot do without.
func (c Config) need(values map[string]string) error {
	var wrong []error
	for _, name := range []string{"DATABASE_URL", "OWNER_DATABASE_URL", "PUBLIC_URL", "FILES_URL"} {
		if v, ok := values[name]; ok && v == "" {
			wrong = append(wrong, fmt.Errorf("%s is not set", name))
		}
	}
	return errors.Join(wrong...)
}

// hostsOf reads names of hosts that stand with commas between them.
func hostsOf(s string) []string {
	var hosts []string
	for host := range strings.SplitSeq(s, ",") {
		if host = strings.ToLower(strings.TrimSpace(host)); host != "" {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// bytesOf reads a size as people write it: "50 MB", or a number of bytes.
func bytesOf(s string) (int64, error) {
	digits := strings.TrimRight(s, " kMGB")
	unit, ok := map[string]int64{"": 1, "B": 1, "kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}[strings.TrimSpace(s[len(digits):])]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !ok || n < 1 || n > 1<<40/unit {
		return 0, fmt.Errorf("it is %q; it must be like 50 MB", s)
	}
	return n * unit, nil
}

// Secret is an OpenID client's secret by its derived name: from the environment,
// or a file of that name in OIDC_SECRETS_DIR. "" when there is none.
func (c Config) Secret(name string) string {
	if v := c.getenv(name); v != "" {
		return v
	}
	dir := c.getenv("OIDC_SECRETS_DIR")
	if dir == "" {
		return ""
	}
	b, err := os.ReadFile(filepath.Join(dir, filepath.Base(name)))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}
