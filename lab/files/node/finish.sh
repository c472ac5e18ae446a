#!/bin/bash
# Turns a plain Debian root ($1) into the root of a Kubernetes node in a container.
set -euo pipefail
root=$1
here=$(dirname "$(readlink -f "$0")")
units=$root/lib/systemd/system
wants=$root/etc/systemd/system/multi-user.target.wants

# Keep only the units that a node in a container needs.
rm -f "$units"/{multi-user,local-fs,basic,timers}.target.wants/* "$root"/etc/systemd/system/*.wants/*
rm -f "$units"/sockets.target.wants/*{udev,initctl}*
(cd "$units/sysinit.target.wants" && rm -f systemd-{tmpfiles-setup,udevd,udev-trigger,binfmt,modules-load,firstboot,repart,machine-id-commit,pcrphase,pcrphase-sysinit,random-seed}.service \
  kmod-static-nodes.service sys-kernel-{config,debug,tracing}.mount sys-fs-fuse-connections.mount dev-hugepages.mount proc-sys-fs-binfmt_misc.automount)
for unit in systemd-udevd.service systemd-binfmt.service systemd-sysctl.service systemd-logind.service getty.target console-getty.service; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
mkdir -p "$wants" "$root/etc/systemd/system.conf.d"
for unit in ssh containerd; do ln -sf "/lib/systemd/system/$unit.service" "$wants/$unit.service"; done
ln -sf /lib/systemd/system/ssh.service "$root/etc/systemd/system/sshd.service"
ln -sf /lib/systemd/systemd "$root/sbin/init"
sed -i 's/^LimitNOFILE=.*/LimitNOFILE=1048576/; /modprobe/d' "$units/containerd.service"
echo ReadKMsg=no >> "$root/etc/systemd/journald.conf"
printf '[Manager]\nDefaultTimeoutStopSec=5s\n' > "$root/etc/systemd/system.conf.d/node.conf"

# Resolve names from /etc/hosts before DNS.
sed -ri 's/^(hosts:\s*).*/\1files dns/' "$root/etc/nsswitch.conf"

install -D -m 755 "$here/entrypoint" "$root/usr/local/bin/entrypoint"
install -D -m 644 "$here/containerd.toml" "$root/etc/containerd/config.toml"
install -D -m 755 "$BIN_CRICTL/crictl" "$root/usr/local/bin/crictl"
echo 'runtime-endpoint: unix:///run/containerd/containerd.sock' > "$root/etc/crictl.yaml"
mkdir -p "$root"/opt/cni/bin "$root"/etc/cni/net.d "$root"/kind "$root"/etc/kubernetes/manifests "$root"/etc/containerd/certs.d
cp -a "$root"/usr/lib/cni/. "$root/opt/cni/bin/"
# kicbase and minikube's ISO have podman's bridge network. minikube either configures or disables it.
install -m 644 "$here/87-podman-bridge.conflist" "$root/etc/cni/net.d/"

# The user that minikube logs in as.
chroot "$root" groupadd -f docker
chroot "$root" useradd -m -s /bin/bash -g docker -G sudo -p '*' docker
chroot "$root" install -d -m 700 -o docker -g docker /home/docker/.ssh
install -m 440 /dev/stdin "$root/etc/sudoers.d/node" <<< '%sudo ALL=(ALL) NOPASSWD:ALL'
printf '%s\n' 'PubkeyAcceptedAlgorithms +ssh-rsa' 'HostkeyAlgorithms +ssh-rsa' 'PasswordAuthentication no' 'UseDNS no' >> "$root/etc/ssh/sshd_config"

rm -f "$root"/etc/ssh/ssh_host_*
: > "$root/etc/machine-id"
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/lib/containerd/*
