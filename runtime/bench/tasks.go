package main

import (
	"os"
	"runtime/pprof"
)

// The size of an image as phones and shops make them.
const imageSize = 300_000

// makeTasks makes the answers, and what is done with them.
func makeTasks(seed uint64) ([]task, error) {
	var tasks []task
	add := func(recorded string, n int, make func(data []byte) task, goals map[string]float64) error {
		r, err := load(recorded)
		if err != nil {
			return err
		}
		t := make(r.answer(n, seed, imageSize))
		t.goals = goals
		tasks = append(tasks, t)
		return nil
	}
	usual := map[string]float64{"jx": 1.6, "encoding/json": 14}
	err := firstError(
		func() error {
			return add("partner", 5000, func(b []byte) task {
				t := decodeTask[partner, partnerJSON]("decode A: 5,000 res.partner × 12 fields", b, 5000)
				t.ways = append(t.ways, into[partnerRecord]("generated record", b))
				t.allocs = 1
				return t
			}, map[string]float64{"jx": 1.6, "encoding/json": 14, "generated record": 1})
		},
		func() error {
			return add("partner_wide", 500, func(b []byte) task {
				return decodeTask[partnerWide, partnerWideJSON]("decode B: 500 res.partner × 206 fields", b, 500)
			}, usual)
		},
		func() error {
			return add("sale_line", 1000, func(b []byte) task {
				return decodeTask[saleLine, saleLineJSON]("decode C: 1,000 sale.order.line × 110 fields", b, 1000)
			}, usual)
		},
		func() error {
			return add("partner_image", 20, func(b []byte) task {
				return decodeTask[partnerImage, partnerImageJSON]("decode D: 20 res.partner with an image", b, 20)
			}, map[string]float64{"jx": 1.6, "encoding/json": 25})
		},
		func() error {
			return add("message", 1000, func(b []byte) task {
				return decodeTask[message, messageJSON]("decode E: 1,000 mail.message × 16 fields", b, 1000)
			}, map[string]float64{"jx": 1.6, "encoding/json": 12}) // HTML with many escapes: copying it is most of the work
		},
		func() error {
			return add("stock_move", 1000, func(b []byte) task {
				return decodeTask[stockMove, stockMoveJSON]("decode F: 1,000 stock.move × 119 fields", b, 1000)
			}, usual)
		},
		func() error {
			return add("partner_wide", 500, func(b []byte) task {
				t := decodeTask[partner, partnerJSON]("decode H: 12 of the 206 fields of B", b, 500)
				t.ways = append(t.ways, into[partnerWide]("generated record", b), into[unread]("skips alone", b))
				return t
			}, map[string]float64{"jx": 1.6, "generated record": 1, "skips alone": 0.9})
		},
	)
	if err != nil {
		return nil, err
	}
	nested, err := nestedTask(500, seed)
	if err != nil {
		return nil, err
	}
	r, err := load("partner")
	if err != nil {
		return nil, err
	}
	t, err := encodeTask(r, 1000, seed)
	t.goals = map[string]float64{"by hand": 1 / 1.2}
	return append(tasks, nested, t), err
}

func firstError(steps ...func() error) error {
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// profiled runs odoogen's way alone.
func profiled(path string, tasks []task, rounds int) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	for _, t := range tasks {
		for range rounds {
			if err := t.ways[0].run(); err != nil {
				return err
			}
		}
	}
	return nil
}
