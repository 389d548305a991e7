#!/bin/sh
# Completion and the exam's alias, for every user and every interactive shell.
set -eu
folder=/usr/share/bash-completion/completions

for program in kubectl helm kustomize yq etcdctl etcdutl; do
    "$program" completion bash > "$folder/$program"
done
cat > "$folder/k" << 'END'
. /usr/share/bash-completion/completions/kubectl
complete -o default -F __start_kubectl k
END

cat > /etc/profile.d/kubectl.sh << 'END'
alias k=kubectl
END
cat >> /etc/bash.bashrc << 'END'

# The same in shells that are not login shells.
. /etc/profile.d/kubectl.sh
END

# The learner, as in the exam: an ordinary user who may become root.
useradd --create-home --shell /bin/bash candidate
echo 'candidate ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/candidate
chmod 440 /etc/sudoers.d/candidate

touch /etc/.updated /var/.updated
