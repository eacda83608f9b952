// Command argo-lua runs one script over one resource, as Argo CD does: its interpreter and its limits, which are one second and no
// libraries but the basic one, tables, and the times of `require("os")`. Scripts that come with Argo CD have more of them for
// health, but not for actions.
//
//	argo-lua health health.lua < resource.json
//	argo-lua discovery discovery.lua < resource.json
//	argo-lua action action.lua < resource.json    prints the merge patch that Argo CD sends
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	jsonpatch "github.com/evanphx/json-patch"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: argo-lua health|discovery|action SCRIPT < RESOURCE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(purpose, path string) error {
	script, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	resource, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	answer, err := execute(string(script), resource)
	if err == nil && purpose == "action" {
		answer, err = mergePatch(resource, answer)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	fmt.Println(string(answer))
	return nil
}

// mergePatch tells what the script has changed. Lua does not tell an empty object from an empty list; Argo CD puts right what
// was an object before.
func mergePatch(before, after []byte) ([]byte, error) {
	var old, new any
	if err := json.Unmarshal(before, &old); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(after, &new); err != nil {
		return nil, err
	}
	restored, err := json.Marshal(restoreObjects(old, new))
	if err != nil {
		return nil, err
	}
	return jsonpatch.CreateMergePatch(before, restored)
}

func restoreObjects(old, new any) any {
	switch before := old.(type) {
	case map[string]any:
		if list, isList := new.([]any); isList && len(list) == 0 {
			return map[string]any{}
		}
		if after, isObject := new.(map[string]any); isObject {
			for key, value := range after {
				after[key] = restoreObjects(before[key], value)
			}
		}
	case []any:
		if after, isList := new.([]any); isList {
			for index := range min(len(before), len(after)) {
				after[index] = restoreObjects(before[index], after[index])
			}
		}
	}
	return new
}
