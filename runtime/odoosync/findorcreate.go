package odoosync

import (
	"context"
	"errors"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
	"github.com/odoogen/odoogen/runtime/internal/records"
)

// ErrCreatedTwice means that somebody else created a record with the same key at the same time. Both records are there.
var ErrCreatedTwice = errors.New("another record with the key was created at the same time")

// FindOrCreate finds the record that the key of the row identifies, or creates it from the row. A record that is there is not
// changed, archived or not. Several records with the key are an error, a [*RowError].
//
//	id, created, err := odoosync.FindOrCreate(ctx, c, odoosync.By(odoo.ResPartnerF.Email),
//		odoosync.Row[odoo.ResPartnerValues]{Values: odoo.ResPartnerValues{Email: orm.Set(email), Name: orm.Set(name)}})
//
// Odoo cannot lock what is not there yet. With [ByXMLID] only one of several clients that do this at once creates the record,
// since the database has each external ID once; created may be true for all of them. With [By] the same holds if the database
// has a unique constraint on the key. If it has none, FindOrCreate looks again after it created: at least one of the clients
// gets the error [ErrCreatedTwice], with the ID of the record that it created.
func FindOrCreate[V orm.Values[M], M any](ctx context.Context, c *orm.Client, key Key, r Row[V]) (id orm.ID[M], created bool, err error) {
	model, err := records.ModelOf[M](c)
	if err != nil {
		return 0, false, fmt.Errorf("odoosync: %w", err)
	}
	result, err := findOrCreate(ctx, c, model, key, r)
	if err != nil {
		err = fmt.Errorf("odoosync: %s: %w", model.Name(), err)
	}
	return orm.ID[M](result.ID), result.Outcome == Created, err
}

func findOrCreate[V any](ctx context.Context, c *orm.Client, model orm.Model, key Key, r Row[V]) (Result, error) {
	j, err := newJob(ctx, c, model, key, nil)
	if err != nil {
		return Result{}, err
	}
	result, err := runOne(j, r, false)
	switch {
	case err != nil: // its outcome is unknown
		return result, err
	case result.Outcome == Failed:
		if again, err := runOne(j, r, true); err == nil && again.Outcome == Unchanged {
			return again, nil // somebody else created it, and a constraint refused the second one
		}
		return Result{}, result.Err
	case result.Outcome == Created && !key.byXMLID():
		return result, createdOnce(j, r, result)
	}
	return result, nil
}

// createdOnce looks whether the record that was created is the only one with its key.
func createdOnce[V any](j *job, r Row[V], result Result) error {
	again, err := runOne(j, r, true)
	switch {
	case err != nil:
		return fmt.Errorf("record %d was created; the look for another one failed: %w", result.ID, err)
	case again.Outcome == Failed:
		return fmt.Errorf("record %d: %w: %w", result.ID, ErrCreatedTwice, again.Err)
	}
	return nil
}

// runOne runs a job for one row. look writes nothing.
func runOne[V any](j *job, r Row[V], look bool) (result Result, err error) {
	fresh := j.restarted(settings{batch: 1, parallel: 1, keep: true, dryRun: look, results: func(r Result) { result = r }})
	if err = feed(fresh, Rows(r)); err == nil {
		err = fresh.finish()
	}
	return result, err
}
