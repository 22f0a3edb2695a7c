package orm

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// authority is a private CA.
type authority struct {
	t    *testing.T
	root *x509.Certificate
	key  *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{t: t}
	made := a.issue(&x509.Certificate{IsCA: true, KeyUsage: x509.KeyUsageCertSign, BasicConstraintsValid: true})
	a.root, a.key = made.Leaf, made.PrivateKey.(*ecdsa.PrivateKey)
	return a
}

// issue makes a certificate, signed by the authority if there is one yet.
func (a *authority) issue(c *x509.Certificate) tls.Certificate {
	a.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		a.t.Fatal(err)
	}
	c.SerialNumber, c.Subject = big.NewInt(time.Now().UnixNano()), pkix.Name{CommonName: "test"}
	c.NotBefore, c.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	parent, signer := a.root, a.key
	if parent == nil {
		parent, signer = c, key
	}
	der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, signer)
	if err != nil {
		a.t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		a.t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.root)
	return pool
}

func TestPrivateCAAndClientCertificate(t *testing.T) {
	a := newAuthority(t)
	ours := a.issue(&x509.Certificate{ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	for _, w := range allWays {
		r := newRig(t, w)
		server := httptest.NewUnstartedServer(r.odoo)
		server.TLS = &tls.Config{
			Certificates: []tls.Certificate{a.issue(&x509.Certificate{IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}})},
			ClientAuth:   tls.RequireAndVerifyClientCert, ClientCAs: a.pool(),
		}
		server.StartTLS()
		login := []DialOption{Database("acme"), Password("bot", faultSecret), Using(w.kind)}
		if w.kind == JSON2 {
			login[1] = APIKey("bot", faultSecret)
		}
		for want, options := range map[string][]DialOption{
			"certificate signed by unknown authority": nil,
			"certificate required":                    {TLS(&tls.Config{RootCAs: a.pool()})},
			"":                                        {TLS(&tls.Config{RootCAs: a.pool(), Certificates: []tls.Certificate{ours}})},
		} {
			c, err := Dial(t.Context(), server.URL, append(options, login...)...)
			if err == nil {
				err = c.Model("res.partner").Call(t.Context(), "bump", nil, nil, nil)
			}
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%s: %v, want %q", w.name, err, want)
			}
			if want != "" && !errors.Is(err, ErrUnreachable) && !errors.Is(err, ErrCutOff) {
				t.Errorf("%s: the kind of %v", w.name, err)
			}
		}
		server.Close()
	}
}
