{{/* Name of the chart's objects in labels. */}}
{{- define "operator.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Name of the chart's objects. Short enough for the suffixes that some of them have. */}}
{{- define "operator.fullname" -}}
{{- $name := include "operator.name" . -}}
{{- $release := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) -}}
{{- default $release .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "operator.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end -}}

{{- define "operator.labels" -}}
{{ include "operator.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: openmetadata
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/*
Metadata of an object.
root: the context of the chart; name; namespace: none for an object of the cluster; labels, annotations: further ones
*/}}
{{- define "operator.metadata" -}}
name: {{ .name }}
{{- with .namespace }}
namespace: {{ . }}
{{- end }}
labels:
  {{- merge (dict) (.labels | default dict) (include "operator.labels" .root | fromYaml) | toYaml | nindent 2 }}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "operator.serviceAccountName" -}}
{{- default (ternary (include "operator.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "operator.image" -}}
{{- $name := list .Values.image.registry .Values.image.repository | compact | join "/" -}}
{{- with .Values.image -}}
{{- ternary (printf "%s@%s" $name .digest) (printf "%s:%s" $name (default $.Chart.AppVersion .tag)) (ne .digest "") -}}
{{- end -}}
{{- end -}}

{{/* Namespaces of the clients, as a list in JSON; "*" stands for every one. */}}
{{- define "operator.airflowNamespaces" -}}
{{- .Values.airflowNamespaces | default (list .Release.Namespace) | toJson -}}
{{- end -}}

{{/* The client of pipelines that name none, as namespace/name; empty if there is none. */}}
{{- define "operator.defaultClient" -}}
{{- $config := .Values.pipelineServiceClientConfig -}}
{{- $own := ternary (printf "%s/%s" .Release.Namespace $config.name) "" $config.enabled -}}
{{- default $own .Values.operator.defaultClient -}}
{{- end -}}

{{/* What is true of no single value is checked here, where it can be said in words. */}}
{{- define "operator.checks" -}}
{{- $served := .Values.watchNamespaces -}}
{{- range include "operator.airflowNamespaces" . | fromJsonArray -}}
{{- if and $served (ne . "*") (not (has . $served)) -}}
{{- fail (printf "The namespace %s of airflowNamespaces (empty: that of the release) is not served: add it to watchNamespaces." .) -}}
{{- end -}}
{{- end -}}
{{- if and (has "*" .Values.airflowNamespaces) .Values.networkPolicy.airflow.enabled -}}
{{- fail "networkPolicy.airflow.enabled needs the names of Airflow's namespaces: list them in airflowNamespaces instead of \"*\"." -}}
{{- end -}}
{{- end -}}

{{- define "operator.affinity" -}}
{{- if .Values.affinity -}}
{{ toYaml .Values.affinity }}
{{- else -}}
podAntiAffinity:
  preferredDuringSchedulingIgnoredDuringExecution:
    - weight: 100
      podAffinityTerm:
        topologyKey: kubernetes.io/hostname
        labelSelector:
          matchLabels:
            {{- include "operator.selectorLabels" . | nindent 12 }}
{{- end -}}
{{- end -}}

{{/* Names of the ConfigMaps, and of the Secrets, that hold the documents, as a list. */}}
{{- define "operator.shardNames" -}}
{{- $config := .Values.pipelineServiceClientConfig.configMap -}}
{{- range $shard := until (int $config.shards) }}
- {{ printf "%s-%02d" $config.name $shard }}
{{- end -}}
{{- end -}}

{{/* Sources of the volume that Airflow mounts. Optional, as Airflow may be first. */}}
{{- define "operator.mountSources" -}}
{{- range include "operator.shardNames" . | fromYamlArray }}
- configMap: {name: {{ . }}, optional: true}
- secret: {name: {{ . }}, optional: true}
{{- end -}}
{{- end -}}
