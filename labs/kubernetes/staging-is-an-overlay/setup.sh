# The base as production has it, and an empty directory.
cd /home/candidate
mkdir -p "$app/base" "$app/staging"
cat >"$app/base/kustomization.yaml" <<END
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - deployment.yaml
  - service.yaml
END
cat >"$app/base/deployment.yaml" <<END
apiVersion: apps/v1
kind: Deployment
metadata:
  name: $app
spec:
  replicas: 1
  selector:
    matchLabels:
      app: $app
  template:
    metadata:
      labels:
        app: $app
    spec:
      containers:
        - name: web
          image: rung/web:1.0
          ports:
            - name: http
              containerPort: 8080
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 2
END
cat >"$app/base/service.yaml" <<END
apiVersion: v1
kind: Service
metadata:
  name: $app
spec:
  selector:
    app: $app
  ports:
    - name: http
      port: 80
      targetPort: http
END
chown -R candidate: "$app"
