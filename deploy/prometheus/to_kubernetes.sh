#!/usr/bin/env bash
# Prints the rules as objects for the Prometheus operator: deploy/prometheus/to_kubernetes.sh | kubectl -n oasis apply -f -
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for file in *.rules.yaml; do
  printf -- '---\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: oasis-%s\nspec:\n' "${file%.rules.yaml}"
  sed 's/^/  /' "$file"
done
