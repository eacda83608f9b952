#!/usr/bin/env bash
# Brings up a kind cluster with the operator in it. Needs a container engine (Docker, or Podman with KIND_EXPERIMENTAL_PROVIDER and
# ENGINE=podman), kind, kubectl and Helm. As the tests of this project run without a container engine, this script is only checked
# for its form there; what it installs, the image's bundle and the chart, is tested in other ways.
#
#   deploy/kind/up.sh [further arguments of helm upgrade, such as --values my-values.yaml]
#
# May be run again: it then builds the image anew and upgrades the release. `kind delete cluster --name ingestion` removes everything.
set -euo pipefail

readonly CLUSTER=ingestion
readonly NAMESPACE=openmetadata
readonly IMAGE=openmetadata-ingestion-operator:kind
readonly ENGINE=${ENGINE:-docker}

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)

need() {
  command -v "$1" >/dev/null || { echo "$1 is needed and was not found" >&2; exit 1; }
}

for program in "$ENGINE" kind kubectl helm; do need "$program"; done

if ! kind get clusters | grep --quiet --line-regexp "$CLUSTER"; then
  kind create cluster --config "$here/cluster.yaml" --wait 2m
fi

"$ENGINE" build --tag "$IMAGE" "$root"
archive=$(mktemp)
trap 'rm -f "$archive"' EXIT
"$ENGINE" save --output "$archive" "$IMAGE"
kind load image-archive "$archive" --name "$CLUSTER"

context=kind-$CLUSTER
kubectl --context "$context" create namespace "$NAMESPACE" --dry-run=client --output yaml \
  | kubectl --context "$context" apply --filename -
helm upgrade ingestion-operator "$root/helm/openmetadata-ingestion-operator" --install --wait --timeout 3m \
  --kube-context "$context" --namespace "$NAMESPACE" --values "$here/values.yaml" "$@"
# The tag is the same as before: only a restart takes the new image.
kubectl --context "$context" --namespace "$NAMESPACE" rollout restart deployment \
  --selector app.kubernetes.io/instance=ingestion-operator
kubectl --context "$context" --namespace "$NAMESPACE" rollout status deployment \
  --selector app.kubernetes.io/instance=ingestion-operator --timeout 3m
helm test ingestion-operator --kube-context "$context" --namespace "$NAMESPACE"

cat <<TEXT

The operator runs in namespace $NAMESPACE of context $context. It needs an Airflow with the managed APIs and an OpenMetadata server, e.g.

  helm repo add open-metadata https://helm.open-metadata.org
  helm install openmetadata-dependencies open-metadata/openmetadata-dependencies --kube-context $context --namespace $NAMESPACE

and then a client and a pipeline: examples/client.yaml and examples/metadata.yaml, with your own secrets.
TEXT
