package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"

	"github.com/odoogen/odoogen/introspect/snapshot"
)

// readSnapshot reads a file, or a file in a revision of git: "HEAD~3:odoogen.schema.json", or "HEAD~3" for the
// configured one.
func readSnapshot(ctx context.Context, name, configured string) (*snapshot.Schema, error) {
	if _, err := os.Stat(name); err == nil {
		return snapshot.ReadFile(name)
	}
	revision, file, ok := strings.Cut(name, ":")
	if !ok {
		if !isRevision(ctx, name) {
			return snapshot.ReadFile(name) // for its error
		}
		revision, file = name, configured
	}
	data, err := showFile(ctx, revision, file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	schema, err := snapshot.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return schema, nil
}

// showFile is the file in a revision: from the current folder, or if it is not there from the root of the repository.
func showFile(ctx context.Context, revision, file string) ([]byte, error) {
	if revision == "" || strings.HasPrefix(revision, "-") {
		return nil, fmt.Errorf("%q is not a revision of git", revision)
	}
	paths := []string{"./" + strings.TrimPrefix(file, "./"), file}
	if strings.HasPrefix(file, "../") {
		paths = []string{file}
	}
	var first error
	for _, path := range paths {
		data, err := git(ctx, "show", revision+":"+path)
		if err == nil {
			return data, nil
		}
		if first == nil {
			first = err
		}
	}
	return nil, first
}

func isRevision(ctx context.Context, name string) bool {
	if strings.HasPrefix(name, "-") {
		return false
	}
	_, err := git(ctx, "rev-parse", "--quiet", "--verify", name+"^{commit}")
	return err == nil
}

// git runs git in the current folder. Its error is git's own first line.
func git(ctx context.Context, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return nil, errors.New("a revision needs git, and there is no git on this machine")
	}
	if err != nil {
		line, _, _ := strings.Cut(strings.TrimSpace(stderr.String()), "\n")
		return nil, fmt.Errorf("git: %s", strings.TrimPrefix(line, "fatal: "))
	}
	return out, nil
}

// repositoryPrefix is the path from the root of the repository to the current folder; "" outside of one.
func repositoryPrefix(ctx context.Context) string {
	out, err := git(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
