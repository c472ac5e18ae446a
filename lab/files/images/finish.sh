#!/bin/bash
# Finishes the Debian root ($1) of the images that need more than one static program.
set -euo pipefail
root=$1
for family in iptables ip6tables; do
  chroot "$root" update-alternatives --quiet --set "$family" "/usr/sbin/$family-nft"
done
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/* "$root"/var/log/* "$root"/usr/lib/*-linux-gnu/gconv
rm -f "$root"/etc/{machine-id,resolv.conf,hostname,service}
mkdir -p "$root"/var/log/nginx "$root"/var/cache/nginx
