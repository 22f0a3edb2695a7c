package files_test

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

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/files"
	"github.com/odoogen/odoogen/runtime/internal/fakeodoo"
)

// pieceBytes is how much of a file is encoded or written at a time.
const pieceBytes = 24 << 10

// sale is like a generated record.
type sale struct{}

func (*sale) OdooModel() string { return "sale.order" }

const image = orm.Field[sale, []byte]("image")

// dial logs in to a fake server.
func dial(t *testing.T, f *fakeodoo.Server, options ...orm.DialOption) *orm.Client {
	t.Helper()
	return dialServer(t, f, options...)
}

func dialServer(t *testing.T, h http.Handler, options ...orm.DialOption) *orm.Client {
	t.Helper()
	options = append([]orm.DialOption{orm.Using(orm.JSONRPC), orm.Database("acme"), orm.Password("bot", "s3cret")}, options...)
	c, err := orm.Dial(t.Context(), fakeodoo.Start(t, h), options...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// quoted is content as a JSON string in base64.
func quoted(content []byte) string {
	b, err := json.Marshal(content)
	if err != nil {
		return err.Error()
	}
	return string(b)
}

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
	c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(answer)}, orm.Retries(0))
	n, err := files.Download(t.Context(), c, orm.ID[sale](7), image, &w)
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
		got, n, err := downloadOf(t, fakeodoo.Result(`[{"id":7,"image":`+test.value+`}]`))
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
			got, n, err := downloadOf(t, fakeodoo.Result(`[{"image":"`+text+`","id":7}]`))
			if got != string(file) || n != int64(size) || err != nil {
				t.Errorf("%d bytes: got %d, %v", size, n, err)
			}
		}
	}
}

func TestDownloadErrors(t *testing.T) {
	_, _, err := downloadOf(t, fakeodoo.Result(`[]`))
	if !errors.Is(err, orm.ErrNoRecord) || err.Error() != "orm: no record matches: sale.order 7" {
		t.Errorf("no record: %v", err)
	}
	_, n, err := downloadOf(t, `"error":{"code":200,"message":"x","data":{"name":"odoo.exceptions.AccessError","message":"no","image":[{"image":"aGVsbG8="}]}}`)
	if !errors.Is(err, orm.ErrAccess) || n != 0 {
		t.Errorf("an error of Odoo: %d, %v", n, err)
	}
	for name, value := range map[string]string{
		"a list": `[["a",1]]`, "an object": `{"image":"aGVsbG8="}`, "a size": `"13.5 Kb"`, "a number": `5`, "true": `true`,
		"an odd escape": `"aG\bVs"`, "a byte beyond ASCII": `"aG\u00e9"`, "half a quantum": `"aGVsb"`,
	} {
		_, _, err := downloadOf(t, fakeodoo.Result(`[{"id":7,"image":`+value+`}]`))
		e, ok := errors.AsType[*orm.DecodeError](err)
		if !ok || e.Model != "sale.order" || e.ID != 7 || e.Field != "image" {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, _, err = downloadOf(t, fakeodoo.Result(`[{"id":7,"image":"aGVsbG8="},{"id":8,"image":"aGVsbG8="}]`))
	if err == nil {
		t.Error("a second record is no error")
	}
	_, _, err = downloadOf(t, fakeodoo.Result(`[{"id":5,"image":"aGVsbG8="}]`))
	if e, ok := errors.AsType[*orm.DecodeError](err); !ok || !strings.Contains(e.Reason, "other records") {
		t.Errorf("another record: %v", err)
	}
	if _, err := files.Download(t.Context(), dial(t, &fakeodoo.Server{}), orm.ID[sale](0), image, io.Discard); err == nil {
		t.Error("no id is no error")
	}
}

func TestDownloadAsksForTheFileAndNotItsSize(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7,"datas":"aGVsbG8="}]`))}
	c := dial(t, f).With(orm.Context{"bin_size": true, "lang": "fr_FR"})
	n, err := files.DownloadFrom(t.Context(), c, "ir.attachment", 7, "datas", io.Discard)
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
	c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7,"image":` + quoted(file) + `}]`))}, orm.MaxAnswer(1000))
	n, err := files.Download(t.Context(), c, orm.ID[sale](7), image, w)
	if n != 1<<20 || err != nil || w.biggest > pieceBytes || [32]byte(hash.Sum(nil)) != sha256.Sum256(file) {
		t.Errorf("%d bytes in pieces of up to %d, %v", n, w.biggest, err)
	}
	_, err = files.DownloadFrom(t.Context(), c, "sale.order", 7, "other", io.Discard)
	if !errors.Is(err, orm.ErrTooLarge) {
		t.Errorf("what is not the file is limited: %v", err)
	}
}

func TestDownloadToAWriterThatFails(t *testing.T) {
	full := errors.New("the disk is full")
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7,"image":"aGVsbG8="}]`))}
	r, w := io.Pipe()
	_ = r.CloseWithError(full)
	n, err := files.Download(t.Context(), dial(t, f), orm.ID[sale](7), image, w)
	if n != 0 || !errors.Is(err, full) || len(f.Log()) != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

// breaking is a server whose answer breaks off after so many bytes, the first time.
func breaking(f *fakeodoo.Server, after int, calls *atomic.Int32) http.Handler {
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
		answer := `{"jsonrpc":"2.0",` + fakeodoo.Result(`[{"id":7,"image":`+quoted(fileOf(1<<20))+`}]`) + `}`
		w.Header().Set("Content-Length", fmt.Sprint(len(answer)))
		_, _ = io.WriteString(w, answer[:after])
	})
}

func TestADownloadThatBreaksOff(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7,"image":"aGVsbG8="}]`))}
	for name, test := range map[string]struct {
		after  int
		calls  int32
		broken bool
	}{"before the file": {20, 2, false}, "within it": {500_000, 1, true}} {
		var calls atomic.Int32
		c := dialServer(t, breaking(f, test.after, &calls))
		var w bytes.Buffer
		n, err := files.Download(t.Context(), c, orm.ID[sale](7), image, &w)
		if calls.Load() != test.calls || n != int64(w.Len()) || test.broken != errors.Is(err, orm.ErrCutOff) {
			t.Errorf("%s: %d bytes reported, %d written in %d calls, %v", name, n, w.Len(), calls.Load(), err)
		}
		if test.broken && (n == 0 || !bytes.HasPrefix(fileOf(1<<20), w.Bytes())) || !test.broken && w.String() != "hello" {
			t.Errorf("%s: wrote %d bytes, but not of the file", name, n)
		}
	}
}

// uploaded gives the file of the last write.
func uploaded(t *testing.T, f *fakeodoo.Server) (file []byte, calls []string) {
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
	f := &fakeodoo.Server{Object: func(c fakeodoo.Call) string {
		if c.Method == "read" {
			return fakeodoo.Result(`[{"id":7}]`)
		}
		return fakeodoo.Result(`true`)
	}}
	c := dial(t, f)
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
			if err := files.Upload(t.Context(), c, orm.ID[sale](7), image, test.r, int64(test.size)); err != nil {
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
		f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7}]`))}
		err := files.Upload(t.Context(), dial(t, f), orm.ID[sale](7), image, test.r, 5)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, calls := uploaded(t, f); strings.Contains(fmt.Sprint(calls), "write") {
			t.Errorf("%s: it was written", name)
		}
	}
}

func TestUploadToNoRecord(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[]`))}
	err := files.Upload(t.Context(), dial(t, f), orm.ID[sale](7), image, onlyReader{strings.NewReader("x")}, 1)
	if !errors.Is(err, orm.ErrNoRecord) {
		t.Errorf("got %v", err)
	}
}

// An upload is sent again only if it may be, and if its reader can.
func TestUploadsThatBreakOff(t *testing.T) {
	for name, test := range map[string]struct {
		r       io.Reader
		options []orm.WriteOption
		calls   int32
	}{
		"a seeker":             {strings.NewReader("hello"), nil, 1},
		"an idempotent seeker": {strings.NewReader("hello"), []orm.WriteOption{orm.Idempotent()}, 2},
		"an idempotent reader": {onlyReader{strings.NewReader("hello")}, []orm.WriteOption{orm.Idempotent()}, 1},
	} {
		var writes atomic.Int32
		f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7}]`))}
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
		err := files.Upload(t.Context(), dialServer(t, server), orm.ID[sale](7), image, test.r, 5, test.options...)
		if n := writes.Load(); n != test.calls || (n == 1) != errors.Is(err, orm.ErrCutOff) {
			t.Errorf("%s: %d writes, %v", name, n, err)
		}
	}
}

func TestInterceptorsSeeFiles(t *testing.T) {
	var seen []string
	watch := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			seen = append(seen, fmt.Sprint(r.Model, ".", r.Method, r.ReadOnly))
			return next(ctx, r)
		}
	}
	c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`[{"id":7,"image":"aGVsbG8="}]`))}, orm.Intercept(watch))
	_, err := files.Download(t.Context(), c, orm.ID[sale](7), image, io.Discard)
	err = errors.Join(err, files.Upload(t.Context(), c, orm.ID[sale](7), image, strings.NewReader("x"), 1))
	if got := fmt.Sprint(seen); err != nil || got != "[sale.order.readtrue sale.order.writefalse]" {
		t.Errorf("saw %v, %v", got, err)
	}
}

// The content of an upload is not an argument to log.
func TestInterceptorsSeeNoContent(t *testing.T) {
	var seen string
	audit := func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			arguments, err := r.Arguments()
			seen = string(arguments)
			return errors.Join(next(ctx, r), err)
		}
	}
	c := dial(t, &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result(`true`))}, orm.Intercept(audit))
	err := files.Upload(t.Context(), c, orm.ID[sale](7), image, strings.NewReader("content"), -1)
	if want := `{"ids":[7],"vals":{"image":"(file)"}}`; err != nil || seen != want {
		t.Errorf("got %s, %v, want %s", seen, err, want)
	}
}

// Fields that are known not to be base64 hold no files.
func TestFieldsThatAreNotBase64(t *testing.T) {
	f := &fakeodoo.Server{Object: fakeodoo.Always(fakeodoo.Result("true"))}
	c := dial(t, f)
	_, download := files.DownloadFrom(t.Context(), c, "ir.attachment", 7, "raw", io.Discard)
	upload := files.UploadTo(t.Context(), c, "ir.attachment", 7, "db_datas", strings.NewReader("a"), 1)
	for _, err := range []error{download, upload} {
		if err == nil || !strings.Contains(err.Error(), `use "datas"`) {
			t.Errorf("got %v", err)
		}
	}
	if calls := f.Log(); len(calls) > 0 {
		t.Errorf("the server was called: %s", calls)
	}
}

func TestWithoutAClient(t *testing.T) {
	upload := files.Upload(t.Context(), nil, orm.ID[sale](7), image, strings.NewReader("x"), 1)
	_, download := files.Download(t.Context(), nil, orm.ID[sale](7), image, io.Discard)
	for _, err := range []error{upload, download} {
		if err == nil || !strings.Contains(err.Error(), "the client for sale.order is nil") {
			t.Errorf("got %v", err)
		}
	}
}
