{{/* Rules that several policies share. */}}

{{- define "thoth.egressNamesAndDatabase" -}}
- to:
    {{- toYaml .Values.networkPolicy.dns.peers | nindent 4 }}
  ports:
    {{- range .Values.networkPolicy.dns.ports }}
    - { protocol: UDP, port: {{ . }} }
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
- ports:
    {{- range .Values.networkPolicy.postgresql.ports }}
    - { protocol: TCP, port: {{ . }} }
    {{- end }}
  {{- with .Values.networkPolicy.postgresql.peers }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{/* A variable of the API, as far as the chart knows it. Takes a list: the root, and its name. */}}
{{- define "thoth.apiVariable" -}}
{{- $root := index . 0 -}}
{{- $name := index . 1 -}}
{{- $value := get $root.Values.settings $name | default "" | toString -}}
{{- range $root.Values.api.env -}}
{{- if and (eq .name $name) (hasKey . "value") -}}{{- $value = .value -}}{{- end -}}
{{- end -}}
{{- $value -}}
{{- end -}}

{{/* Says something where a URL, by what it looks like, is asked on port 443 of a public address. */}}
{{- define "thoth.isPublic" -}}
{{- $host := regexFind "(?i)^https://[^/?#]+" . | lower | trimPrefix "https://" | splitList "@" | last -}}
{{- $name := trimSuffix ":443" $host | trimSuffix "." -}}
{{- $private := "^(0|10|127|169\\.254|192\\.168|172\\.(1[6-9]|2[0-9]|3[01])|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))(\\.[0-9]+)+$" -}}
{{- if hasPrefix "[" $name -}}
{{- if regexMatch "^\\[[23]" $name -}}public{{- end -}}
{{- else if and (contains "." $name) (not (contains ":" $name)) (not (regexMatch "\\.(svc|local|localdomain|internal)$" $name)) (not (regexMatch $private $name)) -}}
public
{{- end -}}
{{- end -}}

{{/* Whom the API asks at public addresses, each followed by a comma. */}}
{{- define "thoth.apiAsks" -}}
{{- $indexes := list (include "thoth.apiVariable" (list . "THOTH_INDEX_URL") | default "https://pypi.org/simple") -}}
{{- $indexes = concat $indexes (regexSplit "\\s+" (include "thoth.apiVariable" (list . "THOTH_EXTRA_INDEX_URL")) -1) -}}
{{- $public := list -}}
{{- range $indexes -}}{{- if include "thoth.isPublic" . -}}{{- $public = append $public . -}}{{- end -}}{{- end -}}
{{- if $public -}}an index,{{- end -}}
{{- $called := list -}}
{{- range regexSplit "[\\s,]+" (include "thoth.apiVariable" (list . "THOTH_CALLBACK_HOSTS")) -1 -}}
{{- if and . (not (hasPrefix "+" .)) -}}{{- $called = append $called . -}}{{- end -}}
{{- end -}}
{{- if $called -}}hosts that are called back,{{- end -}}
{{- if include "thoth.isPublic" (include "thoth.apiVariable" (list . "THOTH_OIDC_ISSUER")) -}}an identity provider,{{- end -}}
{{- if include "thoth.apiVariable" (list . "THOTH_GITHUB_APP") -}}
{{- if include "thoth.isPublic" (include "thoth.apiVariable" (list . "THOTH_GITHUB_API") | default "https://api.github.com") -}}GitHub,{{- end -}}
{{- end -}}
{{- end -}}

{{/* Says something where the API reaches public addresses. */}}
{{- define "thoth.apiPublic" -}}
{{- $told := .Values.networkPolicy.apiPublic -}}
{{- if kindIs "invalid" $told -}}
{{- include "thoth.apiAsks" . -}}
{{- else if $told -}}
public
{{- end -}}
{{- end -}}

{{- define "thoth.egressPublic" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        except:
          {{- toYaml .Values.networkPolicy.public.ipv4Except | nindent 10 }}
    {{- if .Values.networkPolicy.public.ipv6 }}
    - ipBlock:
        cidr: 2000::/3
        except:
          {{- toYaml .Values.networkPolicy.public.ipv6Except | nindent 10 }}
    {{- end }}
  ports:
    - { protocol: TCP, port: 443 }
{{- end -}}
