package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/odoogen/odoogen/internal/output"
	"github.com/odoogen/odoogen/internal/spelling"
	"github.com/odoogen/odoogen/introspect"
	"github.com/odoogen/odoogen/introspect/snapshot"
	orm "github.com/odoogen/odoogen/runtime"
)

// mostData is how many records a model of --data has at most, unless --data-limit says otherwise.
const mostData = 10000

// checkData refuses flags that exclude each other.
func (p *puller) checkData(file string) error {
	switch {
	case len(p.data) == 0 && p.limit != mostData:
		return errors.New("--data-limit has no effect without --data")
	case len(p.data) == 0:
		return nil
	case p.limit < 1:
		return fmt.Errorf("--data-limit %d: want at least one", p.limit)
	case p.quick:
		return errors.New("--data has no effect with --quick, which does not look at records")
	case output.IsStdout(file) || isSpecial(file):
		return fmt.Errorf("--data writes a file beside the snapshot: --output %s has none", file)
	}
	return output.Check(snapshot.DataFile(file))
}

// pullData writes the records of the models of --data.
func (p *puller) pullData(ctx context.Context, c *orm.Client, schema *snapshot.Schema, file string, out io.Writer) error {
	if len(p.data) == 0 {
		return nil
	}
	data, err := introspect.PullData(ctx, c, schema, p.data, p.limit)
	if err != nil {
		return err
	}
	content, err := data.Encode()
	if err != nil {
		return err
	}
	if err := output.WriteFile(file, content); err != nil {
		return err
	}
	records := 0
	for _, m := range data.Models {
		records += len(m.Records)
	}
	fmt.Fprintf(out, "%s: %s of %s\n", file, spelling.Count(records, "record"), spelling.Count(len(data.Models), "model"))
	for _, line := range data.LeftOut {
		fmt.Fprintln(out, "  left out: "+line)
	}
	return nil
}
