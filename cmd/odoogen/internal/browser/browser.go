//go:build browser

// Package browser drives a real browser in the tests of pages that the command writes.
package browser

import (
	"bytes"
	"context"
	"image/png"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Open shows a page in a browser of the size.
func Open(t *testing.T, page []byte, width, height int) context.Context {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatalf("%v: apt-get install chromium", err)
	}
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(chromium), chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(width, height)}
	for _, flag := range []string{"headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-component-update", "disable-sync"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, page, 0o600); err != nil {
		t.Fatal(err)
	}
	Do(t, ctx, chromedp.Navigate((&url.URL{Scheme: "file", Path: file}).String()))
	return ctx
}

// Run runs an action, and gives its result.
func Run[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	out, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Do runs an action.
func Do(t *testing.T, ctx context.Context, a chromedp.Action[chromedp.Void]) {
	t.Helper()
	Run(t, ctx, a)
}

// Keep checks that a screenshot shows something, and keeps it in bin/ for people to look at.
func Keep(t *testing.T, name string, picture []byte) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(picture))
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	size := img.Bounds()
	if size.Dx() < 400 || size.Dy() < 600 {
		t.Errorf("%s is %d × %d", name, size.Dx(), size.Dy())
	}
	colors := map[[3]uint32]int{}
	for x := 0; x < size.Dx(); x += 2 {
		for y := 0; y < size.Dy(); y += 2 {
			r, g, b, _ := img.At(x, y).RGBA()
			colors[[3]uint32{r, g, b}]++
		}
	}
	if len(colors) < 50 {
		t.Errorf("%s has %d colours: it is blank", name, len(colors))
	}
	bin := filepath.Join("..", "..", "..", "..", "bin") // of the packages in internal
	if err := os.MkdirAll(bin, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(bin, name), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}
