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
