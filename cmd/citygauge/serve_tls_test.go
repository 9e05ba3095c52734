package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

func TestWebConfigProtectsTheMetrics(t *testing.T) {
	config, trust := protected(t, "prometheus", "sesame")
	database := sampleDatabase(t)
	s := serve(t, trust, database, "--web-config="+config)
	if !strings.HasPrefix(s.metrics, "https://") || !strings.HasPrefix(s.site, "http://") {
		t.Errorf("the metrics are said to be at %s, the site at %s", s.metrics, s.site)
	}
	for _, c := range []struct {
		name, user, password string
		want                 int
	}{
		{"nobody", "", "", http.StatusUnauthorized},
		{"a wrong password", "prometheus", "open", http.StatusUnauthorized},
		{"who may", "prometheus", "sesame", http.StatusOK},
	} {
		t.Run(c.name, func(t *testing.T) {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.metrics+"/metrics", nil)
			if err != nil {
				t.Fatal(err)
			}
			if c.user != "" {
				request.SetBasicAuth(c.user, c.password)
			}
			response, err := s.client.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != c.want {
				t.Errorf("status %d, want %d", response.StatusCode, c.want)
			}
		})
	}
	if status, _ := get(t, s.client, "http"+strings.TrimPrefix(s.metrics, "https")+"/metrics"); status == http.StatusOK {
		t.Error("the metrics are served without TLS, too")
	}
	addAccount(t, database, "admin@example.org", "--role=admin")
	admin, _ := signedIn(t, s.site, "admin@example.org", testPassword)
	if status, body := get(t, admin, s.site+"/cities/aldermoor"); status != http.StatusOK || !strings.Contains(body, `href="`+s.metrics) {
		t.Errorf("status %d, and no link to %s in\n%s", status, s.metrics, body)
	}
}

// protected writes a web configuration with a new certificate and one user,
// and returns what trusts the certificate.
func protected(t *testing.T, user, password string) (config string, trust *tls.Config) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, BasicConstraintsValid: true, IsCA: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})
	dir := t.TempDir()
	for name, content := range map[string][]byte{
		"cert.pem": public,
		"key.pem":  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}),
		"web.yaml": fmt.Appendf(nil, "tls_server_config: {cert_file: cert.pem, key_file: key.pem}\nbasic_auth_users: {%s: %q}\n", user, hash),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(public)
	return filepath.Join(dir, "web.yaml"), &tls.Config{RootCAs: roots}
}
