# Twelve workers. What each does stands in SHIFT: milliseconds of work and of rest, megabytes that it has from the start and that
# every shift adds (up to 150, so that the machine is in no danger).
cat >/tmp/work.sh <<'END'
read -r busy idle hold grow <<<"$SHIFT"
LC_ALL=C
has=0 stores=()
printf -v piece '%1000000s' ''
store() {
    for ((i = 0; i < $1; i++)); do stores+=("$piece"); done
    has=$((has + $1))
}
store "$hold"
trap 'exit 0' TERM
while true; do
    until=$((${EPOCHREALTIME/./} + busy * 1000))
    while ((${EPOCHREALTIME/./} < until)); do :; done
    if ((grow > 0 && has < 150)); then store "$grow"; fi
    sleep "$((idle / 1000)).$((idle % 1000 / 100))" &
    wait $!
done
END
for namespace in mill mint dock tower; do
    kubectl -n "$namespace" create configmap work --from-file=work.sh=/tmp/work.sh
done

worker() { # NAMESPACE NAME CPU MEMORY SHIFT
    local shift=$5
    if [ "$2" = "$loud" ]; then shift="400 600 2 0"; fi
    if [ "$2" = "$leak" ]; then shift="3 2000 4 3"; fi
    cat <<END
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: $2, namespace: $1, labels: {app: $2}}
spec:
  serviceName: $2
  selector: {matchLabels: {app: $2}}
  template:
    metadata: {labels: {app: $2}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
        - name: work
          image: rung/box:1.0
          command: [bash, /work/work.sh]
          env: [{name: SHIFT, value: "$shift"}]
          resources: {requests: {cpu: $3, memory: $4}}
          volumeMounts: [{name: work, mountPath: /work}]
      volumes: [{name: work, configMap: {name: work}}]
END
}
{
    worker mill carder 10m 16Mi "4 4000 4 0"
    worker mill spinner 20m 8Mi "6 5000 3 0"
    worker mill weaver 50m 8Mi "3 6000 2 0"
    worker mint smelter 300m 160Mi "5 4500 6 0"
    worker mint stamper 50m 8Mi "4 5500 2 0"
    worker mint counter 5m 16Mi "3 4000 4 0"
    worker dock crane 20m 8Mi "5 6500 3 0"
    worker dock ledger 10m 64Mi "4 5500 24 0"
    worker dock pilot 50m 8Mi "6 6000 2 0"
    worker tower bell 50m 8Mi "3 4000 2 0"
    worker tower clock 5m 16Mi "5 5500 3 0"
    worker tower lamp 20m 8Mi "4 6500 2 0"
} | kubectl apply -f -
