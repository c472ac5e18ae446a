import type { Part } from "../build/part.ts";
import { image, programImage } from "../recipes/image.ts";
import { kubernetesVersion } from "./programs.ts";

/** The node image's name in the lab's Docker. */
export const nodeImage = "provenet.lab/node:1";

/** The mask of CAP_NET_BIND_SERVICE. */
const netBindService = 1 << 10;
const rootUser = "root:x:0:0:root:/root:/sbin/nologin\n";
const ingressUser = { uid: 101, gid: 82 };

/** Images in the preload, which every node has from its first start. */
export const images: readonly Part[] = [
  // kubeadm passes these their command and requires these names.
  ...["kube-apiserver", "kube-controller-manager", "kube-scheduler"].map((program) =>
    programImage(`image-${program}`, {
      image: `registry.k8s.io/${program}:${kubernetesVersion}`,
      from: "kubernetes",
      program,
      entrypoint: false,
    }),
  ),
  image("image-kube-proxy", {
    image: `registry.k8s.io/kube-proxy:${kubernetesVersion}`,
    base: "image-root",
    needs: ["kubernetes"],
    config: {},
    entries: [{ path: "/usr/local/bin/kube-proxy", from: "kubernetes:bin/kube-proxy" }],
  }),
  programImage("image-etcd", {
    from: "etcd",
    program: "etcd",
    image: "registry.k8s.io/etcd:3.6.5-0",
    entrypoint: false,
  }),
  programImage("image-coredns", {
    from: "coredns",
    program: "coredns",
    image: "registry.k8s.io/coredns/coredns:v1.12.1",
    at: "/coredns",
    user: "65532:65532",
  }),
  programImage("image-pause", {
    from: "pause",
    program: "pause",
    image: "registry.k8s.io/pause:3.10.1",
    at: "/pause",
    user: "65535:65535",
  }),
  // minikube discards the images of a preload that lacks this name.
  programImage("image-storage-provisioner", {
    from: "minikube",
    program: "storage-provisioner",
    image: "gcr.io/k8s-minikube/storage-provisioner:v5",
    at: "/storage-provisioner",
  }),
  image("image-calico-cni", {
    image: "provenet.lab/calico-cni:v3.31.0",
    needs: ["calico"],
    config: { WorkingDir: "/opt/cni/bin", Cmd: ["/opt/cni/bin/install"] },
    entries: [
      ...["calico", "install", "host-local", "loopback", "portmap", "tuning", "bandwidth"].map(
        (program) => ({
          path: `/opt/cni/bin/${program}`,
          from: `calico:bin/${program}`,
        }),
      ),
      { path: "/opt/cni/bin/calico-ipam", link: "./calico" },
      { path: "/etc/passwd", text: rootUser },
      { path: "/tmp", mode: 0o1777 },
    ],
  }),
  image("image-calico-kube-controllers", {
    image: "provenet.lab/calico-kube-controllers:v3.31.0",
    needs: ["calico"],
    config: { User: "999", Entrypoint: ["/usr/bin/wrapper", "/usr/bin/kube-controllers"] },
    entries: [
      ...["kube-controllers", "check-status", "wrapper"].map((program) => ({
        path: `/usr/bin/${program}`,
        from: `calico:bin/${program}`,
      })),
      { path: "/status", mode: 0o777, uid: 999 },
      { path: "/status/status.json", text: "", mode: 0o666, uid: 999 },
      { path: "/profiles", uid: 999 },
      { path: "/etc/passwd", text: `${rootUser}calico:x:999:999:calico:/:/sbin/nologin\n` },
      { path: "/tmp", mode: 0o1777 },
    ],
  }),
  image("image-calico-node", {
    image: "provenet.lab/calico-node:v3.31.0",
    base: "image-root",
    needs: ["calico"],
    // This build leaves out the eBPF library that Felix cleans up after.
    config: {
      Env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "SVDIR=/etc/service/enabled",
        "FELIX_DebugSkipCTLBCleanup=true",
      ],
      Cmd: ["start_runit"],
    },
    entries: [
      { path: "/usr/bin/calico-node", from: "calico:bin/calico-node" },
      { path: "/usr/bin/mountns", from: "calico:bin/mountns" },
      { path: "/etc/calico", from: "calico:filesystem/etc/calico" },
      { path: "/etc/nsswitch.conf", from: "calico:filesystem/etc/nsswitch.conf" },
      { path: "/etc/rc.local", from: "calico:filesystem/etc/rc.local", mode: 0o755 },
      {
        path: "/etc/service/available",
        from: "calico:filesystem/etc/service/available",
        mode: 0o755,
      },
      ...["start_runit", "versions", "restart-calico-confd"].map((script) => ({
        path: `/usr/sbin/${script}`,
        from: `calico:filesystem/sbin/${script}`,
        mode: 0o755,
      })),
    ],
  }),
  programImage("image-metallb-controller", {
    from: "metallb",
    program: "controller",
    image: "provenet.lab/metallb-controller:v0.16.1",
    at: "/controller",
  }),
  programImage("image-metallb-speaker", {
    from: "metallb",
    program: "speaker",
    image: "provenet.lab/metallb-speaker:v0.16.1",
    at: "/speaker",
  }),
  image("image-ingress-nginx", {
    image: "provenet.lab/ingress-nginx-controller:v1.11.0",
    base: "image-root",
    needs: ["ingress-nginx"],
    config: {
      User: "101",
      WorkingDir: "/etc/nginx",
      Env: [
        "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "NGINX_BINARY=/usr/sbin/nginx",
      ],
      Entrypoint: ["/usr/bin/dumb-init", "--"],
      Cmd: ["/nginx-ingress-controller"],
    },
    entries: [
      {
        path: "/nginx-ingress-controller",
        from: "ingress-nginx:bin/nginx",
        capabilities: netBindService,
      },
      { path: "/dbg", from: "ingress-nginx:bin/dbg" },
      { path: "/wait-shutdown", from: "ingress-nginx:bin/waitshutdown" },
      { path: "/usr/sbin/nginx", from: "image-root:usr/sbin/nginx", capabilities: netBindService },
      {
        path: "/usr/bin/dumb-init",
        from: "image-root:usr/bin/dumb-init",
        capabilities: netBindService,
      },
      { path: "/etc/nginx", ...ingressUser },
      { path: "/etc/nginx/nginx.conf", from: "ingress-nginx:nginx/nginx.conf", ...ingressUser },
      { path: "/etc/nginx/lua", from: "ingress-nginx:nginx/lua", ...ingressUser },
      {
        path: "/etc/nginx/lua/resty",
        from: "project:lab/files/images/ingress-nginx/resty",
        ...ingressUser,
      },
      {
        path: "/etc/nginx/template/nginx.tmpl",
        from: "ingress-nginx:nginx/template/nginx.tmpl",
        ...ingressUser,
        // Debian's nginx 1.22 loads modules from files and has neither `http2` nor Lua in streams.
        edits: [
          { find: "^daemon off;$", put: "include /etc/nginx/modules-enabled/*.conf;\ndaemon off;" },
          { find: "^ *http2 on;\n", put: "" },
          {
            find: "^stream \\{\n(?:[^}\n].*\n|\n)*\\}\n",
            // The controller fails its reload unless something accepts its TCP and UDP services.
            put: 'stream {\n  server {\n    listen 127.0.0.1:{{ .StreamPort }};\n    return "";\n  }\n}\n',
          },
        ],
      },
      ...["", "/ssl", "/auth", "/geoip", "/telemetry"].map((folder) => ({
        path: `/etc/ingress-controller${folder}`,
        ...ingressUser,
      })),
      { path: "/var/log/nginx", ...ingressUser },
      { path: "/var/log/nginx/access.log", link: "/dev/stdout" },
      { path: "/var/log/nginx/error.log", link: "/dev/stderr" },
      { path: "/var/lib/nginx", ...ingressUser },
      { path: "/tmp", mode: 0o1777 },
      { path: "/tmp/nginx", ...ingressUser },
    ],
  }),
  image("image-web", {
    image: "provenet.lab/web:1.22",
    base: "image-root",
    config: { User: "101", Cmd: ["nginx", "-g", "daemon off;"], ExposedPorts: { "8000/tcp": {} } },
    entries: [
      { path: "/etc/nginx/nginx.conf", from: "project:images/web/nginx.conf" },
      { path: "/etc/nginx/conf.d" },
    ],
  }),
];

/** The node image, which is loaded into the lab's Docker. */
export const node = image("image-node", {
  image: nodeImage,
  base: "node-root",
  config: {
    Entrypoint: ["/usr/local/bin/entrypoint", "/sbin/init"],
    Env: ["container=docker", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    StopSignal: "SIGRTMIN+3",
    ExposedPorts: { "22/tcp": {} },
  },
  entries: [
    {
      path: "/etc/provenet-lab",
      text: "A node image of the provenet lab, not minikube's kicbase.\n",
    },
  ],
});
