//go:build unix

package main

import (
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

// reference is the package that shows how fast the machine is at the moment.
const reference = "net/http"

// referenceCPU is how many seconds of processor time its compilation took where the goals were set.
const referenceCPU = 3.1

// usage is what a command took, with all that it started. times is the processor time as a multiple of the reference's.
type usage struct{ cpu, times, wall, mb float64 }

func (b *bench) command(name string, args ...string) (usage, error) {
	cmd := exec.Command(name, args...) //nolint:gosec // the go command, or our own
	cmd.Dir = b.folder
	cmd.Env = append(os.Environ(), "GOCACHE="+filepath.Join(b.folder, "cache"), "GOFLAGS=-mod=mod")
	start := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return usage{}, fmt.Errorf("%s %s: %w\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	wall := time.Since(start)
	used := usage{wall: wall.Seconds(), cpu: (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()}
	if r, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		used.mb = float64(r.Maxrss) / 1024 // of the largest process, in kB on Linux
	}
	return used, nil
}

// compile compiles a package, but not what it imports: a flag without effect, another each time, keeps the go command from
// taking it out of its cache.
func (b *bench) compile(pkg string) (usage, error) {
	b.compiled++
	return b.command("go", "build", fmt.Sprintf("-gcflags=%s=-D=%d", pkg, b.compiled), pkg)
}

// median runs a command some times, in turn with compilations of the reference, and gives the run in the middle.
func (b *bench) median(command func() (usage, error)) (usage, error) {
	before, err := b.compile(reference)
	if err != nil {
		return usage{}, err
	}
	var runs []usage
	for range rounds {
		u, err := command()
		if err != nil {
			return usage{}, err
		}
		after, err := b.compile(reference)
		if err != nil {
			return usage{}, err
		}
		u.times = 2 * u.cpu / (before.cpu + after.cpu)
		runs, before = append(runs, u), after
	}
	slices.SortFunc(runs, func(a, b usage) int { return cmp.Compare(a.times, b.times) })
	return runs[len(runs)/2], nil
}
