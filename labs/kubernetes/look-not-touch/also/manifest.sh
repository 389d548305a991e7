# A ClusterRole that is bound in the one namespace.
kubectl apply -f - <<END
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: pod-watcher}
rules:
  - {apiGroups: [""], resources: [pods], verbs: [get, list, watch]}
  - {apiGroups: [""], resources: [pods/log], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pod-watcher, namespace: $team}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: pod-watcher}
subjects: [{kind: ServiceAccount, name: $account, namespace: $team}]
END
