{{/*
What the operator may do, in pieces. Together they are the rights of deploy/rbac.yaml; which piece holds where depends on the
values. Secrets are read by name only: no list, no watch.
*/}}

{{/* In each namespace that is served. */}}
{{- define "operator.rules.serving" -}}
- apiGroups: [ingestion.open-metadata.org]
  resources: [ingestionpipelines, pipelineserviceclients]
  verbs: [list, watch, patch]
- apiGroups: [ingestion.open-metadata.org]
  resources: [ingestionpipelines/status, pipelineserviceclients/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [secrets]
  verbs: [get]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, list, watch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/* Where a client lives: the documents of its pipelines stand in ConfigMaps there. */}}
{{- define "operator.rules.documents" -}}
- apiGroups: [""]
  resources: [configmaps]
  verbs: [create, patch]
{{- if .Values.secretDocuments.enabled }}
# The API server cannot limit this to names.
- apiGroups: [""]
  resources: [secrets]
  verbs: [create]
- apiGroups: [""]
  resources: [secrets]
  verbs: [patch]
  resourceNames:
    {{- include "operator.shardNames" . | fromYamlArray | concat .Values.secretDocuments.furtherNames | uniq | toYaml | nindent 4 }}
{{- end }}
{{- end -}}

{{/* A client may choose namespaces by their labels. Those that are not served are nobody's business. */}}
{{- define "operator.rules.namespaces" -}}
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get]
{{- with .Values.watchNamespaces }}
  resourceNames:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end -}}

{{/* Where the operator itself runs. */}}
{{- define "operator.rules.lease" -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "operator.fullname" . }}]
  verbs: [get, patch]
{{- end -}}

{{/*
A role with its binding to the operator's service account.
root: the context of the chart; name; namespace: none for the whole cluster; rules: as text
*/}}
{{- define "operator.grant" -}}
{{- $scope := ternary "Role" "ClusterRole" (not (empty .namespace)) }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $scope }}
metadata:
  {{- include "operator.metadata" . | nindent 2 }}
rules:
  {{- .rules | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: {{ $scope }}Binding
metadata:
  {{- include "operator.metadata" . | nindent 2 }}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: {{ $scope }}
  name: {{ .name }}
subjects:
  - kind: ServiceAccount
    name: {{ include "operator.serviceAccountName" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}
