package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/citygauge/citygauge/internal/account"
)

// passwordFlags say where a password comes from: never the command line, which
// others on the machine can read.
type passwordFlags struct {
	PasswordFile string `name:"password-file" xor:"password" placeholder:"FILE" help:"Take the password from the first line of a file; otherwise it is asked for, or read from standard input."`
	Generate     bool   `xor:"password" help:"Make a password up, and print it once."`
}

// maxPasswordLine is more than any password has, in bytes.
const maxPasswordLine = 4096

func (f *passwordFlags) password(std streams) (string, error) {
	switch {
	case f.Generate:
		return account.Generate(), nil
	case f.PasswordFile != "":
		file, err := os.Open(f.PasswordFile)
		if err != nil {
			return "", usageError{err}
		}
		defer file.Close()
		return firstLine(file)
	}
	if in, ok := std.in.(*os.File); ok && term.IsTerminal(int(in.Fd())) {
		return askTwice(in, std.err)
	}
	return firstLine(std.in)
}

// firstLine is a password as a file has it.
func firstLine(r io.Reader) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, maxPasswordLine)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", usage("the password is missing: write it to standard input or to a file named with --password-file, or have one made up with --generate")
	}
	return line, nil
}

// askTwice asks at a terminal, without showing what is typed.
func askTwice(in *os.File, talk io.Writer) (string, error) {
	var typed [2]string
	for n, prompt := range []string{"Password: ", "The same again: "} {
		fmt.Fprint(talk, prompt)
		line, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(talk)
		if err != nil {
			return "", err
		}
		typed[n] = string(line)
	}
	if typed[0] != typed[1] {
		return "", usage("the two passwords differ: run the command again")
	}
	return typed[0], nil
}

// shown is a password that was made up, which is printed.
func (f *passwordFlags) shown(password string) string {
	if !f.Generate {
		return ""
	}
	return password
}

// show prints a password that was made up, once.
func (f *passwordFlags) show(std streams, password string) error {
	if !f.Generate {
		return nil
	}
	fmt.Fprintln(std.err, "The password, which is shown only now:")
	_, err := fmt.Fprintln(std.out, password)
	return err
}
