// Command kstatus reads one resource as JSON and prints what kstatus, by which Flux waits, makes of it.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var resource unstructured.Unstructured
	if err := json.NewDecoder(os.Stdin).Decode(&resource); err != nil {
		return err
	}
	result, err := status.Compute(&resource)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]string{
		"status":  string(result.Status),
		"message": result.Message,
	})
}
