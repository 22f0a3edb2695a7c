// Package admin administers Odoo: a server and its databases, which need no login to a database, and custom models and fields.
package admin
