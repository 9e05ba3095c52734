package collector

import (
	"os"
	"strings"

	"github.com/citygauge/citygauge/internal/programme"
)

// secrets are what a declaration's references stand for. They are read when a
// source is pulled, never kept, and in no error.
type secrets struct{ token, password string }

func readSecrets(s programme.Source) (secrets, error) {
	token, err := readSecret(s.Token)
	if err != nil {
		return secrets{}, err
	}
	password, err := readSecret(s.Password)
	return secrets{token, password}, err
}

func readSecret(reference string) (string, error) {
	if name, ok := strings.CutPrefix(reference, "${env:"); ok {
		name = strings.TrimSuffix(name, "}")
		value, ok := os.LookupEnv(name)
		if !ok || value == "" {
			return "", fail(NoSecret, "the environment variable %s is not set where the collector runs", name)
		}
		return value, nil
	}
	path, ok := strings.CutPrefix(reference, "file:")
	if !ok {
		return "", nil
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return "", fail(NoSecret, "the secret cannot be read: %w", err)
	}
	return strings.TrimRight(string(content), "\r\n"), nil
}
