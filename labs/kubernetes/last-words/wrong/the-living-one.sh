# What the container that runs now says, and all logs in one file.
# fails: cause.number, folder.saved
# after: solution
#@ base as candidate
kubectl -n "$press" logs deployment/press -c composer | grep -o 'E-[0-9]*' | tail -1 >cause.txt
kubectl -n "$press" logs deployment/press --all-containers >folder.log
