package orm

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/iotest"
)

// fileOf is content that no two positions of share.
func fileOf(n int) []byte {
	b := make([]byte, n)
	for i, r := 0, rand.New(rand.NewPCG(1, uint64(n))); i < n; i++ {
		b[i] = byte(r.Uint32())
	}
	return b
}

func downloadOf(t *testing.T, answer string) (string, int64, error) {
	t.Helper()
	var w bytes.Buffer
	c := dialFake(t, &fakeOdoo{Object: answerAll(answer)}, Retries(0))
	n, err := Download(t.Context(), c, ID[sale](7), saleF.Image, &w)
	return w.String(), n, err
}

func TestDownload(t *testing.T) {
	for name, test := range map[string]struct{ value, want string }{
		"a file":            {`"aGVsbG8="`, "hello"},
		"no file":           {`false`, ""},
		"an empty file":     {`""`, ""},
		"null":              {`null`, ""},
		"escaped slashes":   {`"\/\/79"`, "\xff\xfe\xfd"},
		"lines":             {`"aGVs\nbG8=\r\n"`, "hello"},
		"unicode escapes":   {`"\u0061GVsbG8\u003d\u000a"`, "hello"},
		"newline by number": {`"aG\u000aVsbG8="`, "hello"},
	} {
		got, n, err := downloadOf(t, resultOf(`[{"id":7,"image":`+test.value+`}]`))
		if got != test.want || n != int64(len(test.want)) || err != nil {
			t.Errorf("%s: %q, %d, %v", name, got, n, err)
		}
	}
}

func TestDownloadOfEverySize(t *testing.T) {
	for _, size := range []int{1, 2, 3, 4, pieceBytes - 1, pieceBytes, pieceBytes + 1, 2*pieceBytes + 5, 1 << 20} {
		file := fileOf(size)
		for _, text := range []string{
			base64.StdEncoding.EncodeToString(file),
			strings.ReplaceAll(base64.StdEncoding.EncodeToString(file), "/", `\/`),
		} {
			got, n, err := downloadOf(t, resultOf(`[{"image":"`+text+`","id":7}]`))
			if got != string(file) || n != int64(size) || err != nil {
				t.Errorf("%d bytes: got %d, %v", size, n, err)
			}
		}
	}
}

func TestDownloadErrors(t *testing.T) {
	_, _, err := downloadOf(t, resultOf(`[]`))
	if !errors.Is(err, ErrNoRecord) {
		t.Errorf("no record: %v", err)
	}
	_, n, err := downloadOf(t, `"error":{"code":200,"message":"x","data":{"name":"odoo.exceptions.AccessError","message":"no","image":[{"image":"aGVsbG8="}]}}`)
	if !errors.Is(err, ErrAccess) || n != 0 {
		t.Errorf("an error of Odoo: %d, %v", n, err)
	}
	for name, value := range map[string]string{
		"a list": `[["a",1]]`, "an object": `{"image":"aGVsbG8="}`, "a size": `"13.5 Kb"`, "a number": `5`, "true": `true`,
		"an odd escape": `"aG\bVs"`, "a byte beyond ASCII": `"aG\u00e9"`, "half a quantum": `"aGVsb"`,
	} {
		_, _, err := downloadOf(t, resultOf(`[{"id":7,"image":`+value+`}]`))
		e, ok := errors.AsType[*DecodeError](err)
		if !ok || e.Model != "sale.order" || e.ID != 7 || e.Field != "image" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err = downloadOf(t, resultOf(`[{"id":7,"image":"aGVsbG8="},{"id":8,"image":"aGVsbG8="}]`))
	if err == nil {
		t.Error("a second record is no error")
	}
	if _, err := Download(t.Context(), dialFake(t, &fakeOdoo{}), ID[sale](0), saleF.Image, io.Discard); err == nil {
		t.Error("no id is no error")
	}
}

func TestDownloadAsksForTheFileAndNotItsSize(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`[{"id":7,"datas":"aGVsbG8="}]`))}
	c := dialFake(t, f).With(Context{"bin_size": true, "lang": "fr_FR"})
	n, err := c.Model("ir.attachment").Download(t.Context(), 7, "datas", io.Discard)
	if n != 5 || err != nil {
		t.Fatal(n, err)
	}
	if got, want := f.Log()[0].String(), `ir.attachment.read [[7],["datas"]] {"context":{"bin_size":false,"bin_size_datas":false,"lang":"fr_FR"}}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// A writer may be slow, but gets no more than a piece at a time.
type pieces struct {
	hash    io.Writer
	biggest int
}

func (p *pieces) Write(b []byte) (int, error) {
	p.biggest = max(p.biggest, len(b))
	return p.hash.Write(b)
}

func TestDownloadWritesPieces(t *testing.T) {
	file := fileOf(1 << 20)
	hash := sha256.New()
	w := &pieces{hash: hash}
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`[{"id":7,"image":` + jsonOf(file) + `}]`))}, MaxAnswer(1000))
	n, err := Download(t.Context(), c, ID[sale](7), saleF.Image, w)
	if n != 1<<20 || err != nil || w.biggest > pieceBytes || [32]byte(hash.Sum(nil)) != sha256.Sum256(file) {
		t.Errorf("%d bytes in pieces of up to %d, %v", n, w.biggest, err)
	}
	_, err = c.Model("sale.order").Download(t.Context(), 7, "other", io.Discard)
	if !errors.Is(err, ErrTooLarge) {
		t.Errorf("what is not the file is limited: %v", err)
	}
}

func TestDownloadToAWriterThatFails(t *testing.T) {
	full := errors.New("the disk is full")
	f := &fakeOdoo{Object: answerAll(resultOf(`[{"id":7,"image":"aGVsbG8="}]`))}
	r, w := io.Pipe()
	_ = r.CloseWithError(full)
	n, err := Download(t.Context(), dialFake(t, f), ID[sale](7), saleF.Image, w)
	if n != 0 || !errors.Is(err, full) || len(f.Log()) != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

// breaking is a server whose answer breaks off after so many bytes, the first time.
func breaking(f *fakeOdoo, after int, calls *atomic.Int32) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if !bytes.Contains(body, []byte(`"execute_kw"`)) {
			f.ServeHTTP(w, r)
			return
		}
		if calls.Add(1) > 1 {
			f.ServeHTTP(w, r)
			return
		}
		answer := `{"jsonrpc":"2.0",` + resultOf(`[{"id":7,"image":`+jsonOf(fileOf(1<<20))+`}]`) + `}`
		w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		_, _ = io.WriteString(w, answer[:after])
	})
}

func TestADownloadThatBreaksOff(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`[{"id":7,"image":"aGVsbG8="}]`))}
	for name, test := range map[string]struct {
		after  int
		calls  int32
		broken bool
	}{"before the file": {20, 2, false}, "within it": {500_000, 1, true}} {
		var calls atomic.Int32
		c, err := dial(t.Context(), startServer(t, breaking(f, test.after, &calls)), Database("acme"), Password("bot", "x"))
		if err != nil {
			t.Fatal(err)
		}
		var w bytes.Buffer
		n, err := Download(t.Context(), c, ID[sale](7), saleF.Image, &w)
		if calls.Load() != test.calls || n != int64(w.Len()) || test.broken != errors.Is(err, ErrCutOff) {
			t.Errorf("%s: %d bytes told, %d written in %d calls, %v", name, n, w.Len(), calls.Load(), err)
		}
		if test.broken && (n == 0 || !bytes.HasPrefix(fileOf(1<<20), w.Bytes())) || !test.broken && w.String() != "hello" {
			t.Errorf("%s: wrote %d bytes, but not of the file", name, n)
		}
	}
}

// uploaded gives the file of the last write.
func uploaded(t *testing.T, f *fakeOdoo) (file []byte, calls []string) {
	t.Helper()
	for _, c := range f.Log() {
		calls = append(calls, c.Method)
		if c.Method == "write" {
			var values map[string][]byte
			if err := json.Unmarshal(c.Args[1], &values); err != nil {
				t.Fatal(err)
			}
			file = values["image"]
		}
	}
	return file, calls
}

// onlyReader hides that a reader can seek.
type onlyReader struct{ io.Reader }

func TestUpload(t *testing.T) {
	f := &fakeOdoo{Object: func(c fakeCall) string {
		if c.Method == "read" {
			return resultOf(`[{"id":7}]`)
		}
		return resultOf(`true`)
	}}
	c := dialFake(t, f)
	for _, size := range []int{0, 1, 2, 3, pieceBytes - 1, pieceBytes, pieceBytes + 1, 1<<20 + 1} {
		file := fileOf(size)
		skipped := bytes.NewReader(append([]byte("head"), file...))
		_, _ = skipped.Seek(4, io.SeekStart)
		for name, test := range map[string]struct {
			r     io.Reader
			size  int
			calls string
		}{
			"a seeker":                   {bytes.NewReader(file), size, "[write]"},
			"a seeker of unknown size":   {skipped, -1, "[write]"},
			"a reader":                   {onlyReader{bytes.NewReader(file)}, size, "[read write]"},
			"a reader of unknown size":   {onlyReader{bytes.NewReader(file)}, -1, "[write]"},
			"a reader of small portions": {onlyReader{iotest.HalfReader(bytes.NewReader(file))}, size, "[read write]"},
		} {
			if err := Upload(t.Context(), c, ID[sale](7), saleF.Image, test.r, int64(test.size)); err != nil {
				t.Errorf("%s of %d bytes: %v", name, size, err)
			}
			got, calls := uploaded(t, f)
			if !bytes.Equal(got, file) || fmt.Sprint(calls) != test.calls {
				t.Errorf("%s of %d bytes: %d bytes arrived, with %v", name, size, len(got), calls)
			}
		}
	}
	if left, _ := os.ReadDir(os.TempDir()); strings.Contains(fmt.Sprint(left), "odoo-upload-") {
		t.Error("a temporary file is left")
	}
}

func TestUploadOfAnotherSize(t *testing.T) {
	torn := errors.New("torn")
	for name, test := range map[string]struct {
		r    io.Reader
		want string
	}{
		"shorter": {strings.NewReader("hell"), "shorter than its size"},
		"longer":  {strings.NewReader("hello!"), "longer than its size"},
		"broken":  {iotest.ErrReader(torn), "torn"},
	} {
		f := &fakeOdoo{Object: answerAll(resultOf(`[{"id":7}]`))}
		err := Upload(t.Context(), dialFake(t, f), ID[sale](7), saleF.Image, test.r, 5)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, calls := uploaded(t, f); strings.Contains(fmt.Sprint(calls), "write") {
			t.Errorf("%s: it was written", name)
		}
	}
}

func TestUploadToNoRecord(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf(`[]`))}
	err := Upload(t.Context(), dialFake(t, f), ID[sale](7), saleF.Image, onlyReader{strings.NewReader("x")}, 1)
	if !errors.Is(err, ErrNoRecord) {
		t.Errorf("got %v", err)
	}
}

// An upload is sent again only if it may be, and if its reader can.
func TestUploadsThatBreakOff(t *testing.T) {
	for name, test := range map[string]struct {
		r       io.Reader
		options []WriteOption
		calls   int32
	}{
		"a seeker":             {strings.NewReader("hello"), nil, 1},
		"an idempotent seeker": {strings.NewReader("hello"), []WriteOption{Idempotent()}, 2},
		"an idempotent reader": {onlyReader{strings.NewReader("hello")}, []WriteOption{Idempotent()}, 1},
	} {
		var writes atomic.Int32
		f := &fakeOdoo{Object: answerAll(resultOf(`[{"id":7}]`))}
		server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, _ := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(body))
			if bytes.Contains(body, []byte(`"write"`)) {
				if writes.Add(1) == 1 {
					panic(http.ErrAbortHandler)
				}
				if !bytes.Contains(body, []byte(`"aGVsbG8="`)) {
					t.Errorf("%s: the second time, another file: %s", name, body)
				}
			}
			f.ServeHTTP(w, r)
		})
		c, err := dial(t.Context(), startServer(t, server), Database("acme"), Password("bot", "x"))
		if err != nil {
			t.Fatal(err)
		}
		err = Upload(t.Context(), c, ID[sale](7), saleF.Image, test.r, 5, test.options...)
		if n := writes.Load(); n != test.calls || (n == 1) != errors.Is(err, ErrCutOff) {
			t.Errorf("%s: %d writes, %v", name, n, err)
		}
	}
}

func TestInterceptorsSeeFiles(t *testing.T) {
	var seen []string
	watch := func(next Handler) Handler {
		return func(ctx context.Context, r *Request) error {
			seen = append(seen, fmt.Sprint(r.Model, ".", r.Method, r.ReadOnly))
			return next(ctx, r)
		}
	}
	c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`[{"id":7,"image":"aGVsbG8="}]`))}, Intercept(watch))
	_, err := Download(t.Context(), c, ID[sale](7), saleF.Image, io.Discard)
	err = errors.Join(err, Upload(t.Context(), c, ID[sale](7), saleF.Image, strings.NewReader("x"), 1))
	if got := fmt.Sprint(seen); err != nil || got != "[sale.order.readtrue sale.order.writefalse]" {
		t.Errorf("saw %v, %v", got, err)
	}
}

// The value of some computed binaries is no file.
func TestBinariesThatAreNoFilesAreReadRaw(t *testing.T) {
	type groups struct {
		Amount json.RawMessage `odoo:"amount_by_group"`
		Params json.RawMessage `odoo:"params"`
	}
	answer := resultOf(`[{"id":1,"amount_by_group":[["Tax",15.0,["a"]]],"params":{"a":{"b":1}}},{"id":2,"amount_by_group":false,"params":"aGVsbG8="}]`)
	got, err := Find[groups](t.Context(), dialFake(t, &fakeOdoo{Object: answerAll(answer)}), Domain[sale]{})
	if err != nil || string(got[0].Amount) != `[["Tax",15.0,["a"]]]` || string(got[0].Params) != `{"a":{"b":1}}` ||
		string(got[1].Amount) != "false" || string(got[1].Params) != `"aGVsbG8="` {
		t.Errorf("%s, %v", got, err)
	}
}

// Fields that are known not to be base64 are neither read as such nor written.
func TestBytesForAFieldThatIsNotBase64AreAnErrorBeforeTheCall(t *testing.T) {
	f := &fakeOdoo{Object: answerAll(resultOf("true"))}
	c := dialFake(t, f)
	attachments, ctx := c.Model("ir.attachment"), t.Context()
	type row struct {
		Raw []byte `odoo:"raw"`
	}
	type message struct {
		Files []row `odoo:"attachment_ids"`
	}
	type values struct {
		Raw Opt[[]byte] `odoo:"raw"`
	}
	var ids []int64
	_, download := attachments.Download(ctx, 7, "raw", io.Discard)
	_, create := attachments.Create(ctx, values{Raw: Set([]byte("a"))})
	_, load := attachments.Load(ctx, &ids, []LoadRow[values]{{Values: values{Raw: Set([]byte("a"))}}})
	_, copied := attachments.Copy(ctx, 7, Args{"raw": []byte("a")})
	for what, err := range map[string]error{
		"Find":       attachments.Find(ctx, new([]row), Expr{}),
		"Read":       attachments.Read(ctx, new([]row), []int64{7}),
		"nested":     c.Model("mail.message").Find(ctx, new([]message), Expr{}),
		"Defaults":   attachments.DefaultGet(ctx, new(row)),
		"Download":   download,
		"Upload":     attachments.Upload(ctx, 7, "db_datas", strings.NewReader("a"), 1),
		"Create":     create,
		"CreateMany": c.Model("product.document").CreateMany(ctx, &ids, []any{&values{}, &values{Raw: Set([]byte("a"))}}),
		"Write":      attachments.Write(ctx, []int64{7}, map[string]any{"raw": []byte("a")}),
		"Copy":       copied,
		"Load":       load,
	} {
		if err == nil || !strings.Contains(err.Error(), "not base64") || !strings.Contains(err.Error(), `use "datas"`) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if calls := f.Log(); len(calls) > 0 {
		t.Errorf("the server was called: %s", calls)
	}
	if _, err := c.Model("account.move").Create(ctx, Args{"tax_totals": []byte("a")}); err == nil || !strings.Contains(err.Error(), "use a json.RawMessage") {
		t.Errorf("account.move.tax_totals: %v", err)
	}
	if err := attachments.Write(ctx, []int64{7}, values{}); err != nil {
		t.Errorf("an absent value: %v", err)
	}
}
