// Command flux reads manifests for Flux as Flux does, and judges one resource by their health checks.
//
//	flux decode FILE                     fails where Flux would not know a kind or a field; prints what it has read, as JSON
//	flux health FILE < resource.json     prints what the `healthCheckExprs` in there make of the resource
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	helm "github.com/fluxcd/helm-controller/api/v2"
	kustomize "github.com/fluxcd/kustomize-controller/api/v1"
	"github.com/fluxcd/pkg/runtime/cel"
	source "github.com/fluxcd/source-controller/api/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/yaml"
	strict "sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: flux decode|health FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(purpose, path string) error {
	objects, err := decode(path)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if purpose == "decode" {
		return json.NewEncoder(os.Stdout).Encode(objects)
	}
	answer, err := health(objects)
	if err != nil {
		return err
	}
	fmt.Println(answer)
	return nil
}

// decode gives the objects in a file; none of their fields may be unknown.
func decode(path string) ([]any, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	documents := yaml.NewYAMLReader(bufio.NewReader(file))
	var objects []any
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		object, err := decodeOne(document)
		if err != nil {
			return nil, err
		}
		objects = append(objects, object)
	}
}

func decodeOne(document []byte) (any, error) {
	var head struct{ APIVersion, Kind string }
	if err := strict.Unmarshal(document, &head); err != nil {
		return nil, err
	}
	object, known := map[schema.GroupVersionKind]any{
		source.GroupVersion.WithKind("GitRepository"):    &source.GitRepository{},
		source.GroupVersion.WithKind("OCIRepository"):    &source.OCIRepository{},
		kustomize.GroupVersion.WithKind("Kustomization"): &kustomize.Kustomization{},
		helm.GroupVersion.WithKind("HelmRelease"):        &helm.HelmRelease{},
	}[schema.FromAPIVersionAndKind(head.APIVersion, head.Kind)]
	if !known {
		return nil, fmt.Errorf("Flux has no %s %s", head.APIVersion, head.Kind)
	}
	return object, strict.UnmarshalStrict(document, object)
}

// health judges as kustomize-controller does; what cannot be evaluated is Unknown, and waited for.
func health(objects []any) (string, error) {
	var resource unstructured.Unstructured
	if err := json.NewDecoder(os.Stdin).Decode(&resource); err != nil {
		return "", err
	}
	for _, object := range objects {
		kustomization, isOne := object.(*kustomize.Kustomization)
		if !isOne {
			continue
		}
		for _, check := range kustomization.Spec.HealthCheckExprs {
			if schema.FromAPIVersionAndKind(check.APIVersion, check.Kind).GroupKind() != resource.GroupVersionKind().GroupKind() {
				continue
			}
			evaluator, err := cel.NewStatusEvaluator(&check.HealthCheckExpressions)
			if err != nil {
				return "", err
			}
			result, err := evaluator.Evaluate(context.Background(), &resource)
			if err != nil {
				return "Unknown", nil
			}
			return string(result.Status), nil
		}
	}
	return "", fmt.Errorf("there is no check for a %s", resource.GetKind())
}
