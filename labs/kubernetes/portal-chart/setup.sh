# Two versions of a chart, served as a repository.
mkdir -p /srv/charts /tmp/portal/templates
cd /tmp/portal
cat >values.yaml <<'END'
# How many pods there are.
replicas: 1
# What the portal says to who comes in.
motto: Nobody home
service:
  port: 80
  # The port of each node by which the portal is reached; 0 lets the cluster choose one.
  nodePort: 0
END
cat >templates/portal.yaml <<'END'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {app.kubernetes.io/instance: {{ .Release.Name }}}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app.kubernetes.io/instance: {{ .Release.Name }}}
  template:
    metadata:
      labels: {app.kubernetes.io/instance: {{ .Release.Name }}}
    spec:
      terminationGracePeriodSeconds: 2
      containers:
        - name: web
          image: "rung/web:{{ .Chart.AppVersion }}"
          ports: [{name: http, containerPort: 8080}]
          env: [{name: MOTTO, value: {{ .Values.motto | quote }}}]
          readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
spec:
  type: NodePort
  selector: {app.kubernetes.io/instance: {{ .Release.Name }}}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
      {{- with .Values.service.nodePort }}
      nodePort: {{ . }}
      {{- end }}
END
for version in 1.0 1.1; do
    cat >Chart.yaml <<END
apiVersion: v2
name: portal
description: The door of the house
version: $version.0
appVersion: "$version"
END
    helm package --destination /srv/charts . >/dev/null
done
rm -rf /tmp/portal
helm repo index --url http://localhost:8879 /srv/charts
systemd-run --unit charts --description "Chart repository" python3 -m http.server --bind 127.0.0.1 --directory /srv/charts 8879
