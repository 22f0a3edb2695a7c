// Package xmlrpc writes JSON as XML-RPC and reads XML-RPC as JSON, so that a protocol of XML is one of JSON in another encoding.
// It knows nothing of Odoo but what Odoo's XML-RPC, which is that of Python's standard library, can carry.
package xmlrpc
