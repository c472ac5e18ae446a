import type { Part } from "../build/part.ts";
import { debianRoot } from "../recipes/debianRoot.ts";
import { debianTools } from "../recipes/debianTools.ts";

/** Tools for this machine and roots of images, from Debian packages. */
export const debian: readonly Part[] = [
  debianTools("debian-tools", {
    packages: [
      "docker.io",
      "containerd",
      "runc",
      "iptables",
      "nftables",
      "conntrack",
      "mmdebstrap",
      "lz4",
      "iproute2",
      "iputils-ping",
    ],
    commands: {
      docker: "/usr/bin/docker",
      dockerd: "/usr/sbin/dockerd",
      "docker-init": "/usr/bin/docker-init",
      "docker-proxy": "/usr/sbin/docker-proxy",
      containerd: "/usr/bin/containerd",
      "containerd-shim-runc-v2": "/usr/bin/containerd-shim-runc-v2",
      ctr: "/usr/bin/ctr",
      runc: "/usr/sbin/runc",
      iptables: "/usr/sbin/iptables-nft",
      "iptables-save": "/usr/sbin/iptables-nft-save",
      "iptables-restore": "/usr/sbin/iptables-nft-restore",
      ip6tables: "/usr/sbin/ip6tables-nft",
      "ip6tables-save": "/usr/sbin/ip6tables-nft-save",
      "ip6tables-restore": "/usr/sbin/ip6tables-nft-restore",
      nft: "/usr/sbin/nft",
      conntrack: "/usr/sbin/conntrack",
      mmdebstrap: "/usr/bin/mmdebstrap",
      lz4: "/usr/bin/lz4",
      ip: "/bin/ip",
      ping: "/bin/ping",
    },
    seconds: 35,
    megabytes: 270,
  }),
  debianRoot("node-root", {
    suite: "bookworm",
    variant: "minbase",
    packages:
      "systemd,systemd-sysv,dbus,conntrack,iptables,nftables,iproute2,ethtool,socat,util-linux,mount,ebtables,udev,kmod,ipset,libseccomp2,bash,ca-certificates,curl,rsync,iputils-ping,netcat-openbsd,lz4,sudo,openssh-server,procps,jq,containerd,runc,containernetworking-plugins,less".split(
        ",",
      ),
    finish: "lab/files/node/finish.sh",
    needs: ["crictl"],
    files: ["lab/files/node"],
    seconds: 129,
    megabytes: 520,
  }),
  debianRoot("image-root", {
    suite: "bookworm",
    variant: "essential",
    packages:
      "ca-certificates,iptables,nftables,ipset,conntrack,iproute2,runit,procps,kmod,net-tools,dumb-init,nginx-core,libnginx-mod-http-ndk,libnginx-mod-http-lua,libnginx-mod-stream,libnginx-mod-http-headers-more-filter,libnginx-mod-http-set-misc,libnginx-mod-http-geoip2,libnginx-mod-http-brotli-filter,libnginx-mod-http-brotli-static,lua-resty-core,lua-resty-lrucache,lua-cjson,lua-nginx-cookie,lua-nginx-dns,lua-nginx-string".split(
        ",",
      ),
    finish: "lab/files/images/finish.sh",
    extract: ["usr/sbin/nginx", "usr/bin/dumb-init"],
    seconds: 118,
    megabytes: 260,
  }),
];
