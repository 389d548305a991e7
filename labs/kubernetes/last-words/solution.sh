#@ base as candidate
kubectl config set-context --current --namespace "$press"
kubectl logs deployment/press -c composer --previous | grep -o 'E-[0-9]*:' | tr -d : >cause.txt
kubectl logs deployment/press -c folder >folder.log
kubectl patch configmap inker -p '{"data": {"LINES_PER_SECOND": "1"}}'
kubectl rollout restart deployment/press
kubectl rollout status deployment/press --timeout=60s
