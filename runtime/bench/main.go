// Command bench compares odoogen's decoder and encoder with others, on records of real servers. Every figure is a ratio,
// measured side by side: the ways take turns in many short rounds, and the median of the rounds' ratios counts. The times are
// the least CPU time of each way.
//
// The records in testdata are those of a real Odoo 19 with demo data, as it sent them; go run ./record makes them anew.
// A seed, another one in each run, puts other values of the same kinds and sizes in their place: no figure depends on one
// payload. The structs of shapes_gen.go, with a decoder by jx for each, are made from the recordings by go generate.
//
// This is a module of its own so that what odoogen is compared with is no dependency of the project.
package main

//go:generate go run ./gen

import (
	"flag"
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	check := flag.Bool("check", false, "fail if a ratio is below its goal, less a tenth for noise")
	rounds := flag.Int("rounds", 40, "how often each way is run")
	seed := flag.Uint64("seed", uint64(time.Now().UnixNano()), "the values of the records")
	only := flag.String("only", "", "run the tasks whose names contain this")
	profile := flag.String("profile", "", "write a CPU profile of odoogen's way to this file")
	flag.Parse()
	tasks, err := makeTasks(*seed)
	if err != nil {
		log.Fatal(err)
	}
	tasks = slices.DeleteFunc(tasks, func(t task) bool { return !strings.Contains(t.name, *only) })
	if *profile != "" {
		if err := profiled(*profile, tasks, *rounds); err != nil {
			log.Fatal(err)
		}
		return
	}
	fmt.Printf("seed %d, %s, %d rounds\n\n", *seed, runtime.Version(), *rounds)
	missed, err := compare(tasks, *rounds)
	if err != nil {
		log.Fatal(err)
	}
	for _, m := range missed {
		fmt.Fprintln(os.Stderr, m)
	}
	if *check && len(missed) > 0 {
		os.Exit(1)
	}
}

// noise is the part of a goal that a check leaves to the machine.
const noise = 0.1

// compare prints the table, and lists the goals that were missed.
func compare(tasks []task, rounds int) (missed []string, err error) {
	w := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "task\tway\tns/record\tMB/s\tallocs/record\todoogen is\tgoal")
	for _, t := range tasks {
		results, err := t.measure(rounds)
		if err != nil {
			return nil, err
		}
		for i, r := range results {
			way := t.ways[i].name
			fmt.Fprintf(w, "%s\t%s\t%d\t%.0f\t%.2f\t", t.name, way, r.least.Nanoseconds()/int64(t.records),
				float64(t.bytes)/1e6/r.least.Seconds(), r.allocs/float64(t.records))
			ratio := r.ratio(results[0])
			if i > 0 {
				fmt.Fprintf(w, "%.2f times as fast", ratio)
			}
			if goal, ok := t.goals[way]; ok {
				fmt.Fprintf(w, "\t≥ %.2f", goal)
				if ratio < goal*(1-noise) {
					missed = append(missed, fmt.Sprintf("%s: %.2f times as fast as %s, the goal is %.2f", t.name, ratio, way, goal))
				}
			}
			fmt.Fprintln(w)
		}
		if got := results[0].allocs / float64(t.records); t.allocs > 0 && got > t.allocs {
			missed = append(missed, fmt.Sprintf("%s: %.2f allocations a record, the goal is %.2f", t.name, got, t.allocs))
		}
	}
	return missed, w.Flush()
}

type result struct {
	least  time.Duration
	rounds []time.Duration
	allocs float64
}

// ratio is how many times as long as ours a way takes: the median of the rounds, since what else the machine does slows
// down both.
func (r result) ratio(ours result) float64 {
	ratios := make([]float64, len(r.rounds))
	for i, took := range r.rounds {
		ratios[i] = took.Seconds() / ours.rounds[i].Seconds()
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2]
}

// cpuTime is the time that the processors have given to this process, its garbage collector included. Unlike the wall
// time, it is about the same on a busy machine.
func cpuTime() (time.Duration, error) {
	var usage syscall.Rusage
	err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano()), err
}

// inARow is how often a way is run without a break: a small answer as often as makes 4 MB, or filling the caches after the
// other ways would be measured.
func (t task) inARow() int { return max(1, 4<<20/t.bytes) }

// measure runs the ways in turns.
func (t task) measure(rounds int) ([]result, error) {
	results, times := make([]result, len(t.ways)), t.inARow()
	for round := range rounds {
		for i, way := range t.ways {
			runtime.GC() // no way pays for what another one leaves behind
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start, err := cpuTime()
			if err != nil {
				return nil, err
			}
			for range times {
				if err := way.run(); err != nil {
					return nil, fmt.Errorf("%s: %s: %w", t.name, way.name, err)
				}
			}
			end, err := cpuTime()
			if err != nil {
				return nil, err
			}
			took := (end - start) / time.Duration(times)
			runtime.ReadMemStats(&after)
			r := &results[i]
			r.rounds = append(r.rounds, took)
			r.allocs = float64(after.Mallocs-before.Mallocs) / float64(times)
			if round == 0 || took < r.least {
				r.least = took
			}
		}
	}
	return results, nil
}
