# The ConfigMaps learn the names that the pods ask for, and pods are written anew.
kubectl config set-context --current --namespace "$troupe"
kubectl delete pod poster
kubectl run poster --image rung/web:1.1 --dry-run=client -o json | jq '.spec.containers[0].name = "web"' | kubectl create -f -
kubectl patch configmap cloakroom -p "{\"data\": {\"hooks\": \"$hooks\"}}"

kubectl delete pod furnace prompter stage --grace-period=1
kubectl apply -f - <<END
apiVersion: v1
kind: Pod
metadata: {name: furnace}
spec:
  containers:
    - name: heat
      image: rung/box:1.0
      command: [bash, -c, 'coal=\$(head -c 60000000 /dev/zero | tr "\\\\000" c); echo warm; while true; do sleep 1; done']
      resources: {limits: {memory: "201326592"}}
---
apiVersion: v1
kind: Pod
metadata: {name: prompter}
spec:
  containers:
    - name: whisper
      image: rung/box:1.0
      command: [bash, -c, 'while sleep 1; do echo "\$(cat /verses/tonight.text)"; done']
      volumeMounts: [{name: verses, mountPath: /verses}]
  volumes: [{name: verses, configMap: {name: verses, items: [{key: tonight.txt, path: tonight.text}]}}]
---
apiVersion: v1
kind: Pod
metadata: {name: stage}
spec:
  containers: [{name: web, image: "rung/web:1.0", resources: {requests: {cpu: "0.1"}}}]
END
