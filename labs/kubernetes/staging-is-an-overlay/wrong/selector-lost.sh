# The Service asks for a label that no pod bears.
# fails: live.answers
# after: solution
#@ base as candidate
cd "$app/staging"
cat >>kustomization.yaml <<END
  - target: {kind: Service}
    patch: |
      - {op: add, path: /spec/selector/stage, value: staging}
END
kubectl apply -k .
