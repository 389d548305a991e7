#!/bin/sh
# Repositories for labs, made at build time: /srv/repo/signed and /srv/repo/plain (HTTP on port 8000 once
# lab-repo.service runs), a package without a repository in /srv/media, and the key in /srv/repo/signed.
# $1: the folder that holds this script.
set -eu
here=$1
work=$(mktemp -d)
export GNUPGHOME="$work/keys"
mkdir -m 700 "$GNUPGHOME"
mkdir -p /srv/repo/signed /srv/repo/plain /srv/media /etc/yum.repos.d

# package FOLDER NAME VERSION SUMMARY [further lines of the spec's header]; files come from tree/NAME,
# where @VERSION@ stands for the version. Dependencies are only those that are written down.
package() {
    folder=$1 name=$2 version=$3 summary=$4 header=${5:-}
    tree="$work/tree"
    rm -rf "$tree"
    cp -R "$here/tree/$name" "$tree"
    find "$tree" -type f -exec sed -i "s/@VERSION@/$version/g" {} +
    [ ! -d "$tree/usr/bin" ] || chmod 755 "$tree"/usr/bin/*
    {
        printf 'Name: %s\nVersion: %s\nRelease: 1\nSummary: %s\n' "$name" "$version" "$summary"
        printf 'License: Apache-2.0\nBuildArch: noarch\nAutoReqProv: no\n%s\n' "$header"
        printf '%%description\n%s.\n%%install\ncp -R %s/. %%{buildroot}/\n%%files\n' "$summary" "$tree"
        (cd "$tree" && find etc -type f 2> /dev/null | sed 's,^,%config(noreplace) /,')
        (cd "$tree" && find usr srv -type f 2> /dev/null | sed 's,^,/,')
    } > "$work/$name.spec"
    rpmbuild -bb --quiet --define "_topdir $work/build" --define "_rpmdir $work/rpms" \
        --define "_rpmfilename $name-$version-1.noarch.rpm" "$work/$name.spec" > "$work/log" 2>&1 || {
        cat "$work/log" >&2
        exit 1
    }
    mv "$work/rpms/$name-$version-1.noarch.rpm" "$folder/"
}

for version in 1.0 1.1; do
    package /srv/repo/signed lantern "$version" "Lights the way" "Requires: lantern-data"
    package /srv/repo/signed buoy "$version" "Marks a channel"
    package /srv/repo/plain tide-tables "$version" "When the water comes and goes"
done
package /srv/repo/signed lantern-data 1.0 "Wicks and glasses for lantern"
package /srv/repo/signed signal-tools 2.3 "Tools for signals from the shore"
package /srv/repo/plain legacy-lantern 0.9 "The lantern of old"
package /srv/repo/plain lantern-theme 0.4 "Paint for the lantern of old" "Requires: legacy-lantern"
package /srv/media harbour-map 1.0 "A map of the harbour" "Requires: tide-tables"

# What RPM packages may ask of the system under them; Debian's packages are not in this database.
package "$work" lab-release 1 "The system that Debian's packages make" \
    "Provides: system-release = 1, /bin/sh, /usr/bin/sh, /bin/bash, /usr/bin/bash, bash"
rpm --install "$work"/lab-release-*.rpm

# The key signs here once and is gone with this build.
gpg --batch --quiet --passphrase '' --quick-generate-key 'Lab packages <packages@lab.example>' rsa3072 sign never
gpg --armor --export > /srv/repo/signed/RPM-GPG-KEY-lab
rpmsign --addsign --define '__gpg /usr/bin/gpg' --define '_gpg_name packages@lab.example' \
    /srv/repo/signed/*.rpm > "$work/log" 2>&1 || {
    cat "$work/log" >&2
    exit 1
}
gpgconf --kill all
createrepo_c --quiet /srv/repo/signed
createrepo_c --quiet /srv/repo/plain

# dnf as RHEL ships it, and without the plugin that makes a repository of what was downloaded.
printf '[main]\ngpgcheck=1\ninstallonly_limit=3\nclean_requirements_on_remove=True\nbest=True\nskip_if_unavailable=False\n' \
    > /etc/dnf/dnf.conf
sed -i 's/^enabled.*/enabled = false/' /etc/dnf/plugins/local.conf

cat > /usr/lib/systemd/system/lab-repo.service <<'END'
[Unit]
Description=The lab's package repositories, http://localhost:8000/signed and /plain

[Service]
ExecStart=/usr/bin/python3 -m http.server --directory /srv/repo 8000
User=nobody

[Install]
WantedBy=multi-user.target
END

rm -rf "$work"
touch /etc/.updated /var/.updated
