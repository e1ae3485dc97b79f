{{/* Names and labels. */}}

{{- define "thoth.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{/* At most 40 characters, so that what is put behind it fits. */}}
{{- define "thoth.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains (include "thoth.name" .) .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "thoth.name" .) | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What never changes between releases. Takes a list: the root, and a component. */}}
{{- define "thoth.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ include "thoth.name" $root }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "thoth.labels" -}}
{{- $root := index . 0 -}}
{{ include "thoth.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "thoth.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ default $.Chart.AppVersion .tag }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "thoth.serviceAccount" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "thoth.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{/* The Secret with the database's URLs, and its keys. */}}
{{- define "thoth.databaseSecret" -}}
{{- if .Values.database.url -}}
{{ include "thoth.fullname" . }}-database
{{- else -}}
{{ required "give database.existingSecret or database.url" .Values.database.existingSecret }}
{{- end -}}
{{- end -}}

{{- define "thoth.directKey" -}}
{{- if .Values.database.url -}}url{{- else -}}{{ .Values.database.urlKey }}{{- end -}}
{{- end -}}

{{- define "thoth.apiKey" -}}
{{- if .Values.database.url -}}
{{- if .Values.database.pooledUrl -}}pooled-url{{- else -}}url{{- end -}}
{{- else -}}
{{- default .Values.database.urlKey .Values.database.pooledUrlKey -}}
{{- end -}}
{{- end -}}

{{/* Where people see the pages; nothing where that is not known, or `settings` tells it. */}}
{{- define "thoth.searchUrl" -}}
{{- if .Values.api.searchUrl -}}
{{ .Values.api.searchUrl }}
{{- else if hasKey .Values.settings "THOTH_SEARCH_URL" -}}
{{- else if .Values.ingress.enabled -}}
{{ ternary "https" "http" .Values.ingress.tls.enabled }}://{{ .Values.ingress.host }}/
{{- else if and .Values.route.enabled .Values.route.host -}}
https://{{ .Values.route.host }}/
{{- end -}}
{{- end -}}

{{/* How many stand in front of the API and tell it who asks. */}}
{{- define "thoth.proxies" -}}
{{- if not (kindIs "invalid" .Values.api.proxies) -}}
{{ int .Values.api.proxies }}
{{- else if or .Values.ingress.enabled (and .Values.route.enabled (ne .Values.route.termination "passthrough")) -}}
1
{{- else -}}
0
{{- end -}}
{{- end -}}
