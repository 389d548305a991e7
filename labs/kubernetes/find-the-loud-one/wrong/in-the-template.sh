# The label is put where it makes a new pod; and of the four namespaces only is told who is the biggest.
# fails: cpu.goes-on, whole.biggest
# after: solution
#@ base as candidate
kubectl -n "$loud_in" patch statefulset "$loud" -p '{"spec": {"template": {"metadata": {"labels": {"audit": "cpu"}}}}}'
kubectl -n "$loud_in" rollout status statefulset "$loud" --timeout=60s
echo "$leak-0" >biggest.txt
