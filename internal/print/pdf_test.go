package print_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"github.com/overens/overens/internal/print"
)

// seen is what a reader finds in a PDF.
type seen struct {
	pages     int
	marked    bool
	language  string
	info      map[string]string
	bookmarks []string
	elements  map[string]int // of the structure, reached from its root
	ids       []string
	places    []int  // the index from places on pages to the structure
	pointers  []int  // of the pages, to that index
	letters   string // that can be copied out
	raw       string // everything, unpacked
}

func look(t *testing.T, pdf []byte) seen {
	t.Helper()
	conf := model.NewDefaultConfiguration()
	ctx, err := api.ReadAndValidate(bytes.NewReader(pdf), conf)
	if err != nil {
		t.Fatal(err)
	}
	root, err := ctx.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	s := seen{pages: ctx.PageCount, info: map[string]string{}, elements: map[string]int{}, raw: string(pdf)}
	if d, _ := ctx.DereferenceDict(root["MarkInfo"]); d != nil && d.BooleanEntry("Marked") != nil {
		s.marked = *d.BooleanEntry("Marked")
	}
	s.language, _ = ctx.DereferenceText(root["Lang"])
	if ctx.Info != nil {
		info, _ := ctx.DereferenceDict(*ctx.Info)
		for key, value := range info {
			s.info[key], _ = ctx.DereferenceText(value)
		}
	}
	outlines(ctx, root["Outlines"], &s.bookmarks)
	tree, _ := ctx.DereferenceDict(root["StructTreeRoot"])
	s.walk(ctx, tree["K"])
	places, _ := ctx.DereferenceDict(tree["ParentTree"])
	s.numbers(ctx, places)
	for i := range s.pages {
		page, _, _, err := ctx.PageDict(i+1, false)
		if err != nil {
			t.Fatal(err)
		}
		if n := page.IntEntry("StructParents"); n != nil {
			s.pointers = append(s.pointers, *n)
		}
	}
	for number := range ctx.Table {
		o, err := ctx.Dereference(*types.NewIndirectRef(number, 0))
		if err != nil {
			t.Fatal(err)
		}
		if o == nil {
			continue
		}
		s.raw += "\n" + o.String()
		if stream, ok := o.(types.StreamDict); ok {
			s.raw += string(stream.Raw)
			if err := stream.Decode(); err == nil {
				s.raw += string(stream.Content)
				s.letters += letters(string(stream.Content))
			}
		}
	}
	return s
}

func outlines(ctx *model.Context, o types.Object, titles *[]string) {
	d, _ := ctx.DereferenceDict(o)
	for d, _ = ctx.DereferenceDict(d["First"]); d != nil; d, _ = ctx.DereferenceDict(d["Next"]) {
		title, _ := ctx.DereferenceText(d["Title"])
		*titles = append(*titles, title)
		outlines(ctx, d, titles)
	}
}

func (s *seen) walk(ctx *model.Context, o types.Object) {
	o, _ = ctx.Dereference(o)
	switch o := o.(type) {
	case types.Array:
		for _, kid := range o {
			s.walk(ctx, kid)
		}
	case types.Dict:
		if kind, ok := o["S"].(types.Name); ok {
			s.elements[string(kind)]++
		}
		if id, _ := ctx.Dereference(o["ID"]); id != nil {
			s.ids = append(s.ids, id.String())
		}
		s.walk(ctx, o["K"])
	}
}

func (s *seen) numbers(ctx *model.Context, d types.Dict) {
	pairs, _ := ctx.DereferenceArray(d["Nums"])
	for pair := range slices.Chunk(pairs, 2) {
		s.places = append(s.places, int(pair[0].(types.Integer)))
	}
	kids, _ := ctx.DereferenceArray(d["Kids"])
	for _, kid := range kids {
		below, _ := ctx.DereferenceDict(kid)
		s.numbers(ctx, below)
	}
}

var glyphs = regexp.MustCompile(`<([0-9A-Fa-f]{4})> (?:<([0-9A-Fa-f]{4})> )?<([0-9A-Fa-f]{4})>`)

// letters are what the table of a font says that its signs mean.
func letters(table string) (all string) {
	if !strings.Contains(table, "beginbfchar") && !strings.Contains(table, "beginbfrange") {
		return ""
	}
	for _, m := range glyphs.FindAllStringSubmatch(table, -1) {
		first, _ := strconv.ParseInt(m[3], 16, 32)
		from, _ := strconv.ParseInt(m[1], 16, 32)
		to, err := strconv.ParseInt(m[2], 16, 32)
		if err != nil {
			to = from
		}
		for i := range to - from + 1 {
			all += string(rune(first + i))
		}
	}
	return all
}

// file writes a PDF of these objects, of which the first is the catalogue, the
// second the list of pages and the third what is said of the file.
func file(objects ...string) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n")
	places := make([]int, len(objects))
	for i, o := range objects {
		places[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, place := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", place)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R/Info 3 0 R/ID[<68656D6C696774><68656D6C696774>]>>\nstartxref\n%d\n%%%%EOF\n", len(objects)+1, start)
	return b.Bytes()
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>\nstream\n%s\nendstream", dict, len(data), data)
}

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Keywords="hemligt"/></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`

// talkative is a PDF of one page that says "hemligt" wherever a file can, but not
// on the page.
func talkative(t *testing.T) []byte {
	t.Helper()
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
		t.Fatal(err)
	}
	exif := "\xff\xe1\x00\x0fExif\x00\x00hemligt" + "\xff\xfe\x00\x09hemligt"
	picture := string(photo.Bytes()[:2]) + exif + string(photo.Bytes()[2:])
	return file(
		`<</Type/Catalog/Pages 2 0 R/Lang(sv)/Metadata 5 0 R/PieceInfo<</A<</LastModified(D:20260101)/Private(hemligt)>>>>`+
			`/Names<</EmbeddedFiles<</Names[(hemligt.txt) 6 0 R]>>/JavaScript<</Names[(a) 8 0 R]>>>>/OpenAction 8 0 R>>`,
		`<</Type/Pages/Kids[4 0 R]/Count 1>>`,
		`<</Title(hemligt)/Author(hemligt)/Subject(hemligt)/Keywords(hemligt)/Creator(hemligt)/Producer(hemligt)/CreationDate(D:20260101120000Z)>>`,
		`<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 9 0 R/Metadata 5 0 R/LastModified(D:20260101120000Z)`+
			`/PieceInfo<</A<</LastModified(D:20260101120000Z)/Private(hemligt)>>>>`+
			`/Resources<</XObject<</AA 10 0 R>>/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Annots[11 0 R 12 0 R]>>`,
		stream("/Type/Metadata/Subtype/XML", xmp),
		`<</Type/Filespec/F(hemligt.txt)/UF(hemligt.txt)/EF<</F 7 0 R>>>>`,
		stream("/Type/EmbeddedFile", "hemligt"),
		`<</S/JavaScript/JS(app.alert\('hemligt'\))>>`,
		stream("", "BT /F1 12 Tf 20 100 Td (Synligt) Tj ET q 50 0 0 50 20 20 cm /AA Do Q"),
		stream("/Type/XObject/Subtype/Image/Width 8/Height 8/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/DCTDecode", picture),
		`<</Type/Annot/Subtype/Text/Rect[0 0 20 20]/Contents(hemligt)/T(hemligt)/M(D:20260101120000Z)>>`,
		`<</Type/Annot/Subtype/Link/Rect[0 0 20 20]/NM(hemligt)/A<</S/URI/URI(https://example.se/)>>>>`,
		`<</Type/Note/Text(hemligt)>>`, // nothing leads there: an earlier version
	)
}

func secret(s seen) bool {
	for _, word := range []string{"hemligt", hex.EncodeToString([]byte("hemligt")), "D:20", "pdfcpu"} {
		if strings.Contains(strings.ToLower(s.raw), strings.ToLower(word)) {
			return true
		}
	}
	return false
}

func TestStrip(t *testing.T) {
	raw := talkative(t)
	if !secret(look(t, raw)) {
		t.Fatal("the file to begin with tells nothing")
	}
	pdf, err := print.Strip(`Protokoll (åäö) \`, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	got := look(t, pdf)
	if secret(got) {
		t.Errorf("it still tells: %s", got.raw)
	}
	if diff := cmp.Diff(map[string]string{"Title": `Protokoll (åäö) \`}, got.info); diff != "" {
		t.Errorf("description (-want +got):\n%s", diff)
	}
	for _, kept := range []string{"(Synligt) Tj", "https://example.se/", "/AA Do", "\xff\xd8\xff"} {
		if !strings.Contains(got.raw, kept) {
			t.Errorf("%q is gone", kept)
		}
	}
	if got.pages != 1 || got.language != "sv" {
		t.Errorf("%d pages in %q", got.pages, got.language)
	}
	start := strings.Index(got.raw, "\xff\xd8\xff")
	if picture, err := jpeg.Decode(strings.NewReader(got.raw[start:])); err != nil || picture.Bounds().Dx() != 8 {
		t.Errorf("the picture: %v", err)
	}
}

func TestStripKeepsTheStructure(t *testing.T) {
	raw, err := chromium(t).Print(t.Context(), minutes())
	if err != nil {
		t.Fatal(err)
	}
	pdf, err := print.Strip("Protokoll", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	before, after := look(t, raw), look(t, pdf)
	if diff := cmp.Diff(before.elements, after.elements); diff != "" || !after.marked || after.language != "sv" {
		t.Errorf("marked %v, language %q, structure (-want +got):\n%s", after.marked, after.language, diff)
	}
	if diff := cmp.Diff(headings(), after.bookmarks); diff != "" {
		t.Errorf("bookmarks (-want +got):\n%s", diff)
	}
	for _, word := range []string{"Chrome", "Skia", "Mozilla", "pdfcpu", "D:20"} {
		if !strings.Contains(before.raw+"pdfcpu", word) || strings.Contains(after.raw, word) {
			t.Errorf("%s: before %v, after %v", word, strings.Contains(before.raw, word), strings.Contains(after.raw, word))
		}
	}
}

func TestMerge(t *testing.T) {
	tagged, err := chromium(t).Print(t.Context(), minutes())
	if err != nil {
		t.Fatal(err)
	}
	part := func(title string, pdf []byte) print.Part { return print.Part{Title: title, PDF: bytes.NewReader(pdf)} }
	for name, c := range map[string]struct {
		parts  []print.Part
		pages  int
		tagged int // parts with structure, where all have one
	}{
		"one":            {[]print.Part{part("Ett", tagged)}, 5, 1},
		"all tagged":     {[]print.Part{part("§ 1 (å)", tagged), part("Bilaga", tagged), part("Bilaga", tagged)}, 15, 3},
		"one untagged":   {[]print.Part{part("Ett", tagged), part("Två", talkative(t)), part("Tre", tagged)}, 11, 0},
		"first untagged": {[]print.Part{part("Ett", talkative(t)), part("Två", tagged)}, 6, 0},
	} {
		t.Run(name, func(t *testing.T) {
			pdf, err := print.Merge("Handlingar till mötet i Växjö", "sv", c.parts)
			if err != nil {
				t.Fatal(err)
			}
			got := look(t, pdf)
			var titles []string
			for _, p := range c.parts {
				titles = append(titles, p.Title)
			}
			if diff := cmp.Diff(titles, got.bookmarks); diff != "" {
				t.Errorf("bookmarks (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(map[string]string{"Title": "Handlingar till mötet i Växjö"}, got.info); diff != "" {
				t.Errorf("description (-want +got):\n%s", diff)
			}
			if got.pages != c.pages || got.language != "sv" || secret(got) {
				t.Errorf("%d pages in %q, tells %v", got.pages, got.language, secret(got))
			}
			if got.marked != (c.tagged > 0) || got.elements["H2"] != 5*c.tagged || got.elements["TH"] != 10*c.tagged {
				t.Errorf("marked %v, structure %v", got.marked, got.elements)
			}
			for what, twice := range map[string]bool{
				"ID": len(got.ids) != distinct(got.ids), "place": len(got.places) != distinct(got.places), "page's number": len(got.pointers) != distinct(got.pointers),
			} {
				if twice {
					t.Errorf("one %s stands for two things", what)
				}
			}
			if c.tagged > 0 && (!slices.IsSorted(got.places) || len(got.places) < 5*c.tagged || len(got.ids) < 10*c.tagged) {
				t.Errorf("places %v, %d IDs", got.places, len(got.ids))
			}
			for _, n := range got.pointers {
				if c.tagged > 0 && !slices.Contains(got.places, n) {
					t.Errorf("a page's number %d leads nowhere", n)
				}
			}
		})
	}
}

func distinct[T comparable](all []T) int {
	set := map[T]bool{}
	for _, v := range all {
		set[v] = true
	}
	return len(set)
}

func TestWhatIsNoPDF(t *testing.T) {
	good := talkative(t)
	for name, raw := range map[string][]byte{
		"nothing":     {},
		"a letter":    []byte("Hej"),
		"half":        good[:len(good)/2],
		"no pages":    file(`<</Type/Catalog>>`, `<<>>`, `<<>>`),
		"a circle":    file(`<</Type/Catalog/Pages 2 0 R>>`, `<</Type/Pages/Kids[2 0 R]/Count 1>>`, `<<>>`),
		"a deep hole": file(`<</Type/Catalog/Pages 2 0 R/X `+strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+`>>`, `<</Type/Pages/Kids[]/Count 0>>`, `<<>>`),
	} {
		if _, err := print.Strip("A", bytes.NewReader(raw)); !errors.Is(err, print.ErrDocument) {
			t.Errorf("%s: %v", name, err)
		}
		_, err := print.Merge("A", "sv", []print.Part{{Title: "A", PDF: bytes.NewReader(good)}, {Title: "B", PDF: bytes.NewReader(raw)}})
		at, ok := errors.AsType[*print.PartError](err)
		if !ok || at.Part != 1 || !errors.Is(err, print.ErrDocument) {
			t.Errorf("%s, as a part: %v", name, err)
		}
	}
	if _, err := print.Merge("A", "sv", nil); !errors.Is(err, print.ErrDocument) {
		t.Errorf("no parts: %v", err)
	}
}

func TestPasswords(t *testing.T) {
	var locked bytes.Buffer
	conf := model.NewAESConfiguration("", "owner", 256)
	if err := api.Encrypt(bytes.NewReader(talkative(t)), &locked, conf); err != nil {
		t.Fatal(err)
	}
	if _, err := print.Strip("A", bytes.NewReader(locked.Bytes())); !errors.Is(err, print.ErrDocument) {
		t.Errorf("got %v", err)
	}
}
