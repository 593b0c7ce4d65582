{{- define "postern.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "postern.fullname" -}}
{{- .Values.fullnameOverride | default (ternary .Release.Name (printf "%s-%s" .Release.Name (include "postern.name" .)) (contains (include "postern.name" .) .Release.Name)) | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{- define "postern.selector" -}}
app.kubernetes.io/name: {{ include "postern.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: controller
{{- end -}}

{{- define "postern.labels" -}}
{{ include "postern.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: postern
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "postern.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "postern.fullname" .) -}}
{{- end -}}

{{- define "postern.image" -}}
{{- with .Values.image -}}
{{ .repository }}{{ if .digest }}@{{ .digest }}{{ else }}:{{ .tag | default $.Chart.AppVersion }}{{ end }}
{{- end -}}
{{- end -}}

{{/* Whether container `c` has an image of ours, in CEL. Where no digest is pinned, other versions of the repository are ours, too: so have replicas and sidecars of before an upgrade. */}}
{{- define "postern.hasOurImage" -}}
(c.image in {{ concat (list (include "postern.image" .)) .Values.injection.allowedImages .Values.injection.previousImages | toJson }}
{{- if not .Values.image.digest }} || c.image.matches(r'^{{ .Values.image.repository | regexQuoteMeta }}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$'){{ end }})
{{- end -}}

{{/* Never ours to touch: a webhook that is down must not hold these up. */}}
{{- define "postern.notSystem" -}}
- key: kubernetes.io/metadata.name
  operator: NotIn
  values: [kube-system, kube-public, kube-node-lease, {{ .Release.Namespace }}]
{{- end -}}
