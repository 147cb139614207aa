//go:build tools

// Programs that the checks of deploy/ need, in the versions of go.mod.
package tools

import _ "sigs.k8s.io/kustomize/kustomize/v5"
