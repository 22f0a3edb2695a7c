package orm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// An audit log has what the calls are about, and no secret.
func TestInterceptorsSeeIDsAndArguments(t *testing.T) {
	const password = "s3cret" // that of dialFake
	type account struct {
		Login    string `odoo:"login"`
		Password string `odoo:"password"`
		Note     string `odoo:"note"`
	}
	for name, test := range map[string]struct {
		call func(*Client) error
		ids  []int64
		want string
	}{
		"write": {func(c *Client) error {
			return Write(t.Context(), c, On(ID[sale](7), 8), saleValues{Name: Set("x")}, Lang("fr_FR"))
		}, []int64{7, 8}, `{"context":{"lang":"fr_FR"},"ids":[7,8],"vals":{"name":"x"}}`},
		"create": {func(c *Client) error {
			_, err := Create(t.Context(), c, saleValues{Name: Set("x"), Lines: Commands(Link(ID[line](3)))})
			return err
		}, nil, `{"vals_list":[{"name":"x","order_line":[[4,3,0]]}]}`},
		"search": {func(c *Client) error {
			_, err := IDs(t.Context(), c, Eq(saleF.Name, "S1"), Limit(2))
			return err
		}, nil, `{"domain":[["name","=","S1"]],"limit":2,"offset":0,"order":null}`},
		"a method with arguments by name": {func(c *Client) error {
			return c.Model("x").Call(t.Context(), "act", []int64{3}, Args{"a": 1, "access_token": "abc", "otp_secret": nil}, nil)
		}, []int64{3}, `{"a":1,"access_token":"***","ids":[3],"otp_secret":null}`},
		"text ids": {func(c *Client) error {
			return c.Model("x").Call(t.Context(), "act", []TextID[sale]{"10"}, nil, nil)
		}, nil, `{"ids":["10"]}`},
		"arguments by position": {func(c *Client) error {
			return c.ExecuteKW(t.Context(), "x", "act", []any{[]int64{4}, "b"}, map[string]any{"c": password}, nil)
		}, nil, `{"args":[[4],"b"],"c":"***"}`},
		"a new password": {func(c *Client) error {
			return c.ExecuteKW(t.Context(), "res.users", "change_password", []any{"old", "new"}, nil, nil)
		}, nil, `{"args":"***"}`},
		"a password that is written": {func(c *Client) error {
			_, err := c.Model("res.users").Create(t.Context(), account{"bob", "hunter2", "uses " + password})
			return err
		}, nil, `{"vals_list":[{"login":"bob","note":"uses s3cret","password":"***"}]}`},
		"a condition on a password": {func(c *Client) error {
			var ids []int64
			return c.Model("x").Search(t.Context(), &ids, Expr(Where[sale]("password_x", "=", "hunter2")))
		}, nil, `{"domain":[["password_x","=","***"]],"limit":null,"offset":0,"order":null}`},
		"a password that is loaded": {func(c *Client) error {
			rows := [][]string{{"m.a", "bob", "hunter2"}}
			return c.Model("x").Invoke(t.Context(), nil, nil, Invocation{Method: "load", Args: []Argument{{"fields", []string{"id", "login", "password"}}, {"data", rows}}})
		}, nil, `{"data":[["m.a","bob","***"]],"fields":["id","login","password"]}`},
	} {
		t.Run(name, func(t *testing.T) {
			var ids []int64
			var arguments, printed string
			audit := func(next Handler) Handler {
				return func(ctx context.Context, r *Request) error {
					if r.Method == "fields_get" {
						return next(ctx, r)
					}
					raw, err := r.Arguments()
					ids, arguments, printed = r.IDs(), string(raw), fmt.Sprintf("%+v %#v", r, *r)
					return errors.Join(next(ctx, r), err)
				}
			}
			c := dialFake(t, &fakeOdoo{Object: answerAll(resultOf(`[1]`))}, Intercept(audit))
			_ = test.call(c) // the answer fits some of them
			if diff := cmp.Diff(test.ids, ids); diff != "" {
				t.Error("ids", diff)
			}
			if arguments != test.want {
				t.Errorf("got  %s\nwant %s", arguments, test.want)
			}
			if strings.Contains(printed, password) || !json.Valid([]byte(arguments)) {
				t.Error(printed)
			}
		})
	}
}
