// Reads objects of the Prometheus operator, as Kubernetes does not know them: fails at a field that they do not have and at
// a value of another type. Usage: crds <manifests.yaml
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"sigs.k8s.io/yaml"
)

func check(document []byte) error {
	var kind struct{ APIVersion, Kind string }
	if err := yaml.Unmarshal(document, &kind); err != nil {
		return err
	}
	objects := map[string]interface{}{"ServiceMonitor": &monitoring.ServiceMonitor{}, "PrometheusRule": &monitoring.PrometheusRule{}}
	object, known := objects[kind.Kind]
	if kind.APIVersion != "monitoring.coreos.com/v1" || !known {
		return fmt.Errorf("%s %s is not an object that this knows", kind.APIVersion, kind.Kind)
	}
	if err := yaml.UnmarshalStrict(document, object); err != nil {
		return fmt.Errorf("%s: %w", kind.Kind, err)
	}
	return nil
}

func main() {
	text, err := io.ReadAll(os.Stdin)
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		if err == nil {
			err = check(document)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "crds:", err)
		os.Exit(1)
	}
}
