package tenant_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/overens/overens/internal/auth"
	"github.com/overens/overens/internal/tenant"
	"github.com/overens/overens/tenants"
)

func TestThePublishedSchemaIsThatOfTheTypes(t *testing.T) {
	const file = "../../tenants/schema.json"
	if *update {
		if err := os.WriteFile(file, tenant.Schema(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	published, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(published) != string(tenant.Schema()) {
		t.Error("go test ./internal/tenant -run Schema -update writes it anew")
	}
}

func TestEveryFileNamesTheSchemaAndFollowsIt(t *testing.T) {
	var schema map[string]any
	if err := json.Unmarshal(tenant.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	counties, _ := tenant.Load(tenants.Files, auth.RoleNames())
	for _, c := range counties {
		src, err := tenants.Files.ReadFile(c.Slug + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(src), tenant.SchemaLine) {
			t.Errorf("%s.yaml does not begin with %s", c.Slug, tenant.SchemaLine)
		}
		written, err := tenant.Encode(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, wrong := range against(schema, schema, "", unmarshal(t, written)) {
			t.Errorf("%s%s", c.Slug, wrong)
		}
	}
	// The schema must be able to refuse: each of these is wrong in one way.
	for _, wrong := range []string{
		`{"slug":"x","kind":"county"}`,
		`{"slug":"X","kind":"county","identity":[]}`,
		`{"slug":"x","kind":"town","identity":[]}`,
		`{"slug":"x","kind":"county","identity":[{"motto":"x"}]}`,
		`{"slug":"x","kind":"county","identity":[{"name":{"fi":"x"}}]}`,
		`{"slug":"x","kind":"county","identity":[],"partyStatuses":[{"statuses":[]}]}`,
		`{"slug":"x","kind":"county","identity":[],"partyKinds":[{"kinds":[{"type":"kommun"}]}]}`,
		`{"slug":"x","kind":"county","identity":[],"instrumentKinds":[{"kinds":[{"key":"x","word":{},"adoption":"minutes","validity":["open"],"bodies":1}]}]}`,
		`{"slug":"x","kind":"county","identity":[],"lead":[{"organisations":["x"],"form":true}]}`,
	} {
		if found := against(schema, schema, "", unmarshal(t, []byte(wrong))); len(found) != 1 {
			t.Errorf("%s: %v", wrong, found)
		}
	}
}

func unmarshal(t *testing.T, data []byte) (v any) {
	t.Helper()
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// against tells what the schema finds wrong, for the words of JSON Schema that
// ours is made of.
func against(root, s map[string]any, path string, v any) (wrong []string) {
	if ref, ok := s["$ref"].(string); ok {
		s = root["$defs"].(map[string]any)[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	bad := func(format string, args ...any) {
		wrong = append(wrong, path+": "+fmt.Sprintf(format, args...))
	}
	switch v := v.(type) {
	case map[string]any:
		properties, _ := s["properties"].(map[string]any)
		if s["type"] != "object" {
			bad("an object")
		}
		for key, value := range v {
			if of, ok := properties[key].(map[string]any); ok {
				wrong = append(wrong, against(root, of, path+"."+key, value)...)
			} else {
				bad("%s is not known", key)
			}
		}
		required, _ := s["required"].([]any)
		for _, key := range required {
			if _, ok := v[key.(string)]; !ok {
				bad("%s is missing", key)
			}
		}
	case []any:
		if s["type"] != "array" {
			bad("a list")
			return wrong
		}
		if least, ok := s["minItems"].(float64); ok && len(v) < int(least) {
			bad("too few")
		}
		for n, entry := range v {
			wrong = append(wrong, against(root, s["items"].(map[string]any), fmt.Sprintf("%s[%d]", path, n), entry)...)
		}
	case string:
		enum, _ := s["enum"].([]any)
		pattern, _ := s["pattern"].(string)
		if s["type"] != "string" || len(enum) > 0 && !slices.Contains(enum, any(v)) || pattern != "" && !regexp.MustCompile(pattern).MatchString(v) {
			bad("%q", v)
		}
	case bool:
		if s["type"] != "boolean" {
			bad("a truth value")
		}
	case float64:
		least, _ := s["minimum"].(float64)
		most, capped := s["maximum"].(float64)
		if s["type"] != "integer" || v < least || capped && v > most {
			bad("the number %v", v)
		}
	}
	return wrong
}
