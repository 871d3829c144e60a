package population

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/overens/overens/internal/fault"
)

// JSON-stat2 is how PxWeb, which Statistics Sweden and many others publish with,
// gives a table to programs: dimensions with their categories, and the values in
// one row, the last dimension running fastest. See json-stat.org/full.

// mostValues is how many values a table may have: all areas for all years by sex.
const mostValues = 500_000

// stat is a data set in JSON-stat2, as far as it is asked about.
type stat struct {
	Version   string               `json:"version"`
	Class     string               `json:"class"`
	Label     string               `json:"label"`
	Source    string               `json:"source"`
	ID        []string             `json:"id"`
	Size      []int                `json:"size"`
	Dimension map[string]dimension `json:"dimension"`
	Role      struct {
		Time []string `json:"time"`
		Geo  []string `json:"geo"`
	} `json:"role"`
	Value json.RawMessage `json:"value"`
}

// dimension is one of a data set's dimensions.
type dimension struct {
	Label    string `json:"label"`
	Category struct {
		Index json.RawMessage   `json:"index"` // codes in order, or each code's place
		Label map[string]string `json:"label"`
	} `json:"category"`
}

// axis is a dimension as it is walked along.
type axis struct {
	id, label string
	codes     []string // in the order of the values
	labels    map[string]string
	stride    int // how far apart two neighbours' values lie
}

// readStat reads a data set that begins at raw.
func readStat(raw []byte, b *batch) error {
	if len(raw) > MaxBytes {
		return fault.New(fault.TooLarge, "population.too_large").With("limit", MaxBytes>>20).At("/file")
	}
	var s stat
	if err := json.Unmarshal(raw, &s); err != nil {
		return fault.Bad("population.json_unreadable", "/file").Because(err)
	}
	if s.Class != "dataset" || !strings.HasPrefix(s.Version, "2.") {
		return fault.Bad("population.not_jsonstat", "/file")
	}
	axes, total, err := s.axes()
	if err != nil {
		return err
	}
	region := find(axes, s.Role.Geo, "region", "kommun", "municipality", "geo")
	time := find(axes, s.Role.Time, "tid", "time", "år", "year")
	if region < 0 {
		return fault.Bad("population.jsonstat_region", "/file")
	}
	if time < 0 || time == region {
		return fault.Bad("population.jsonstat_time", "/file")
	}
	offsets := []int{0} // of the values that together are everyone
	for i, a := range axes {
		if i == region || i == time {
			continue
		}
		chosen, err := a.everyone()
		if err != nil {
			return err
		}
		var more []int
		for _, at := range offsets {
			for _, c := range chosen {
				more = append(more, at+c*a.stride)
			}
		}
		offsets = more
	}
	values, err := s.values(total)
	if err != nil {
		return err
	}
	b.Source = s.source()
	return b.walk(axes[region], axes[time], offsets, values)
}

// source is what a data set says of itself.
func (s stat) source() string {
	said := slices.DeleteFunc([]string{strings.TrimSpace(s.Source), strings.TrimSpace(s.Label)}, func(t string) bool { return t == "" })
	if r := []rune(strings.Join(said, ", ")); len(r) > 300 {
		return string(r[:299]) + "…"
	}
	return strings.Join(said, ", ")
}

// axes are the dimensions in the order of the values, and how many values there are.
func (s stat) axes() ([]axis, int, error) {
	wrong := func() ([]axis, int, error) { return nil, 0, fault.Bad("population.jsonstat_wrong", "/file") }
	if len(s.ID) == 0 || len(s.ID) != len(s.Size) || len(s.ID) > 20 {
		return wrong()
	}
	axes, total := make([]axis, len(s.ID)), 1
	for i := len(s.ID) - 1; i >= 0; i-- {
		d, ok := s.Dimension[s.ID[i]]
		if !ok || s.Size[i] < 1 {
			return wrong()
		}
		if s.Size[i] > mostValues/total {
			return nil, 0, fault.Bad("population.too_many", "/file").With("limit", mostValues)
		}
		codes, ok := d.codes(s.Size[i])
		if !ok {
			return wrong()
		}
		axes[i] = axis{s.ID[i], d.Label, codes, d.Category.Label, total}
		total *= s.Size[i]
	}
	return axes, total, nil
}

// codes are a dimension's categories in the order of the values. The index may be
// left out where there is one category.
func (d dimension) codes(size int) ([]string, bool) {
	raw := bytes.TrimSpace(d.Category.Index)
	if len(raw) == 0 || bytes.Equal(raw, []byte("null")) {
		for code := range d.Category.Label {
			return []string{code}, size == 1 && len(d.Category.Label) == 1
		}
		return nil, false
	}
	if raw[0] == '[' {
		var codes []string
		err := json.Unmarshal(raw, &codes)
		return codes, err == nil && len(codes) == size
	}
	var places map[string]int
	if err := json.Unmarshal(raw, &places); err != nil || len(places) != size {
		return nil, false
	}
	codes, taken := make([]string, size), make([]bool, size)
	for code, at := range places {
		if at < 0 || at >= size || taken[at] {
			return nil, false
		}
		codes[at], taken[at] = code, true
	}
	return codes, true
}

// find is the dimension that has a role, or one of the usual names; -1: none.
func find(axes []axis, role []string, names ...string) int {
	for i, a := range axes {
		if slices.Contains(role, a.id) {
			return i
		}
	}
	for _, name := range names {
		for i, a := range axes {
			if strings.EqualFold(a.id, name) || strings.EqualFold(a.label, name) {
				return i
			}
		}
	}
	return -1
}

// totals are the codes that stand for everyone, whatever the dimension.
var totals = []string{"tot", "totalt", "total", "1+2", "tot1", "totsa", "t", "_t"}

// everyone gives the categories of a dimension that together are everyone: its
// total, or both sexes. Where that cannot be told the table is refused: a part
// taken for the whole would be a wrong figure that nobody sees.
func (a axis) everyone() ([]int, error) {
	if strings.EqualFold(a.id, "ContentsCode") || strings.EqualFold(a.id, "contents") {
		for i, code := range a.codes {
			label := strings.ToLower(a.labels[code])
			if code == "BE0101N1" || strings.HasPrefix(label, "folkmängd") || strings.HasPrefix(label, "population") && !strings.Contains(label, "growth") && !strings.Contains(label, "change") {
				return []int{i}, nil
			}
		}
		return nil, fault.Bad("population.jsonstat_contents", "/file")
	}
	for i, code := range a.codes {
		if slices.Contains(totals, strings.ToLower(code)) {
			return []int{i}, nil
		}
	}
	if sexes := slices.Sorted(slices.Values(a.codes)); slices.Equal(sexes, []string{"1", "2"}) && (strings.EqualFold(a.id, "kon") || strings.EqualFold(a.id, "kön") || strings.EqualFold(a.id, "sex")) {
		return []int{0, 1}, nil
	}
	name := a.label
	if name == "" {
		name = a.id
	}
	return nil, fault.Bad("population.jsonstat_part", "/file").With("dimension", short(name))
}

// values are the data set's values, nil where there is none: given in a row, or by
// their places where few are known. They are read one by one, so that no more are
// held than there may be.
func (s stat) values(total int) ([]any, error) {
	wrong := func(err error) ([]any, error) {
		return nil, fault.Bad("population.jsonstat_wrong", "/file").Because(err)
	}
	values := make([]any, total)
	decode := json.NewDecoder(bytes.NewReader(s.Value))
	decode.UseNumber()
	begin, err := decode.Token()
	if err != nil || begin != json.Delim('[') && begin != json.Delim('{') {
		return wrong(err)
	}
	read := 0
	for ; decode.More(); read++ {
		at := read
		if begin == json.Delim('{') {
			key, err := decode.Token()
			if err != nil {
				return wrong(err)
			}
			name, _ := key.(string)
			if at, err = strconv.Atoi(name); err != nil {
				return wrong(err)
			}
		}
		if at < 0 || at >= total || read >= total {
			return wrong(nil)
		}
		if err := decode.Decode(&values[at]); err != nil {
			return wrong(err)
		}
	}
	if begin == json.Delim('[') && read != total {
		return wrong(nil)
	}
	return values, nil
}

// walk takes each area's value of each time.
func (b *batch) walk(region, time axis, offsets []int, values []any) error {
	for r, written := range region.codes {
		code, kind := areaOf(written)
		for t, when := range time.codes {
			at := r*region.stride + t*time.stride
			b.Read++
			if kind == widerArea {
				b.Skipped++
				continue
			}
			row := at + offsets[0] + 1
			if kind == unknownArea {
				b.refuse(row, "population.code_unknown", "code", code)
				break // once for each area, not for each of its years
			}
			on, ok := dayOf(strings.ToUpper(when))
			if !ok {
				b.refuse(row, "population.day_wrong", "value", short(when))
				continue
			}
			sum, state := int64(0), have
			for _, o := range offsets {
				n, s := valueOf(values[at+o])
				sum, state = sum+n, max(state, s)
			}
			switch {
			case state == none:
				b.Skipped++
			case state == wrong || !possible(sum):
				b.refuse(row, "population.count_wrong", "value", wordsOf(values[at+offsets[0]]))
			default:
				if err := b.add(Line{Row: row, Municipality: code, Day: on, Count: sum}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// What a value of a data set is. A sum is as good as the worst of its parts.
const (
	have = iota
	none
	wrong
)

// valueOf reads a value as a count.
func valueOf(v any) (int64, int) {
	n, ok := v.(json.Number)
	if !ok {
		if s, text := v.(string); v == nil || text && missing(s) {
			return 0, none
		}
		return 0, wrong
	}
	if i, err := n.Int64(); err == nil && i >= 0 && i < 100_000_000 {
		return i, have
	}
	f, err := n.Float64()
	if err != nil || f != math.Trunc(f) || f < 0 || f >= 100_000_000 {
		return 0, wrong
	}
	return int64(f), have
}

func wordsOf(v any) string {
	switch v := v.(type) {
	case json.Number:
		return short(v.String())
	case string:
		return short(v)
	}
	return "?"
}
