# fails: pods.elsewhere
kubectl create clusterrole look --verb=get,list,watch --resource=pods,pods/log
kubectl create clusterrolebinding look --clusterrole=look --serviceaccount="$team:$account"
