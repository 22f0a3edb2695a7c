package orm_test

import (
	"context"
	"fmt"

	orm "github.com/odoogen/odoogen/runtime"
)

// tracer and span have the shape of OpenTelemetry's: put trace.Tracer and trace.Span in their place, and the attributes
// of go.opentelemetry.io/otel/attribute.
type (
	tracer interface {
		Start(ctx context.Context, name string) (context.Context, span)
	}
	span interface {
		SetAttribute(key string, value any)
		RecordError(err error)
		End()
	}
)

// traced makes a span of each call. What it records of an error holds Odoo's message, and with it maybe values.
func traced(t tracer) orm.Interceptor {
	return func(next orm.Handler) orm.Handler {
		return func(ctx context.Context, r *orm.Request) error {
			ctx, span := t.Start(ctx, r.Model+"."+r.Method)
			defer span.End()
			err := next(ctx, r)
			span.SetAttribute("odoo.protocol", r.Protocol.String())
			span.SetAttribute("odoo.attempts", r.Attempts)
			if err != nil {
				span.RecordError(err)
			}
			return err
		}
	}
}

// A tracer in the manner of OpenTelemetry is a few lines of the program's own.
func ExampleIntercept() {
	option := orm.Intercept(traced(printed{}))
	_, err := orm.Dial(context.Background(), "https://erp.example.com", option)
	fmt.Println(err)
	// Output: orm: no login: give orm.Password or orm.APIKey
}

// printed is a tracer that prints.
type printed struct{}

func (printed) Start(ctx context.Context, name string) (context.Context, span) {
	fmt.Println("start", name)
	return ctx, printed{}
}
func (printed) SetAttribute(key string, value any) { fmt.Println(key, value) }
func (printed) RecordError(err error)              { fmt.Println(err) }
func (printed) End()                               { fmt.Println("end") }
