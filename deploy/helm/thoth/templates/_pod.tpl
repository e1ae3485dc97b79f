{{/* What all pods share. */}}

{{/* Any user but root, as OpenShift gives each project its own: none is named. */}}
{{- define "thoth.podSecurity" -}}
automountServiceAccountToken: false
# Otherwise a service named `thoth` would put THOTH_PORT and its like into the environment.
enableServiceLinks: false
securityContext:
  runAsNonRoot: true
  seccompProfile:
    type: RuntimeDefault
{{- with .Values.imagePullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "thoth.containerBasics" -}}
image: {{ include "thoth.image" . }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  privileged: false
  readOnlyRootFilesystem: true
  runAsNonRoot: true
  capabilities:
    drop: [ALL]
{{- end -}}

{{/* Variables. Takes a list: the root, the name and the key of the Secret with the database's URL. */}}
{{- define "thoth.variables" -}}
{{- $root := index . 0 -}}
- name: THOTH_DATABASE
  valueFrom:
    secretKeyRef:
      name: {{ index . 1 }}
      key: {{ index . 2 }}
- name: THOTH_HOST
  value: {{ $root.Values.listen | quote }}
- name: THOTH_SERVICE_DATA
  value: /var/lib/thoth
- name: THOTH_CACHE_DIR
  value: /var/lib/thoth/cache
# Where the processes that resolve look, whose home is below the service's data.
- name: THOTH_DATA_DIR
  value: /var/lib/thoth/home/.local/share/thoth
- name: HOME
  value: /tmp
{{- if $root.Values.caBundle.configMap }}
- name: SSL_CERT_FILE
  value: /etc/thoth/ca/{{ $root.Values.caBundle.key }}
{{- end }}
{{- end -}}

{{- define "thoth.settings" -}}
- configMapRef:
    name: {{ include "thoth.fullname" . }}
{{- with .Values.secretSettings.existingSecret }}
- secretRef:
    name: {{ . }}
{{- end }}
{{- end -}}

{{- define "thoth.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: cache
  mountPath: /var/lib/thoth
{{- if .Values.caBundle.configMap }}
- name: ca
  mountPath: /etc/thoth/ca
  readOnly: true
{{- end }}
{{- end -}}

{{/* Takes a list: the root, and the size of the cache. */}}
{{- define "thoth.volumes" -}}
{{- $root := index . 0 -}}
- name: tmp
  emptyDir:
    sizeLimit: 2Gi
- name: cache
  emptyDir:
    sizeLimit: {{ index . 1 }}
{{- with $root.Values.caBundle.configMap }}
- name: ca
  configMap:
    name: {{ . }}
{{- end }}
{{- end -}}

{{/* Where pods go. Takes a list: the root, the component's values, the component. */}}
{{- define "thoth.placement" -}}
{{- $root := index . 0 -}}
{{- $part := index . 1 -}}
topologySpreadConstraints:
{{- if $part.topologySpreadConstraints }}
  {{- toYaml $part.topologySpreadConstraints | nindent 2 }}
{{- else }}
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "thoth.selector" (list $root (index . 2)) | nindent 8 }}
{{- end }}
{{- with $part.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $part.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end -}}

{{/* New pods where something changed that they read only at their start. */}}
{{- define "thoth.checksums" -}}
checksum/settings: {{ toYaml .Values.settings | sha256sum }}
checksum/database: {{ printf "%s %s" .Values.database.url .Values.database.pooledUrl | sha256sum }}
{{- end -}}
