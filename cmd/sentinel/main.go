// Command sentinel analyses captures of network traffic.
package main

import (
	"os"

	"sentinel/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args, os.Stdout, os.Stderr)) }
