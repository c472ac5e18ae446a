import { local } from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const token = config.requireSecret("token");
const labels = { app: config.get("app") ?? "web" };

const provider = new k8s.Provider("cluster", {
  kubeconfig: config.requireSecret("kubeconfig"),
  clusterIdentifier: "played",
  // A killed update leaves objects that are not in the state. The next update adopts them.
  upsertExistingObjects: true,
  enablePatchForce: true,
});
const opts = { provider };

const namespace = new k8s.core.v1.Namespace("shop", {}, opts);
const metadata = { namespace: namespace.metadata.name };

const settings = new k8s.core.v1.ConfigMap(
  "settings",
  { metadata, data: { message: config.get("message") ?? "hello" } },
  opts,
);
new k8s.core.v1.Secret(
  "access",
  { metadata: { ...metadata, name: "access" }, stringData: { token } },
  opts,
);

const deployment = new k8s.apps.v1.Deployment(
  "web",
  {
    metadata: { ...metadata, name: "web" },
    spec: {
      replicas: config.getNumber("replicas") ?? 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, fate: config.get("fate") ?? "lives" } },
        spec: {
          // The API server omits this default. That must not look like a change.
          hostNetwork: false,
          containers: [
            {
              name: "web",
              image: config.get("image") ?? "registry.example/web:1",
              resources: { requests: { cpu: "1000m", memory: "1024Mi" } },
              envFrom: [{ configMapRef: { name: settings.metadata.name } }],
              ports: [{ containerPort: 80 }],
            },
          ],
        },
      },
    },
  },
  opts,
);
const service = new k8s.core.v1.Service(
  "web",
  {
    metadata: {
      ...metadata,
      name: "web",
      annotations: { "example.com/note": config.get("note") ?? "first" },
    },
    spec: { selector: labels, ports: [{ port: 80 }] },
  },
  { ...opts, dependsOn: deployment },
);

const definition = new k8s.apiextensions.v1.CustomResourceDefinition(
  "pools",
  {
    metadata: { name: `pools.${pulumi.getStack()}.example.com` },
    spec: {
      group: `${pulumi.getStack()}.example.com`,
      scope: "Namespaced",
      names: { plural: "pools", singular: "pool", kind: "Pool" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: { type: "object", x_kubernetes_preserve_unknown_fields: true },
              },
            },
          },
        },
      ],
    },
  },
  opts,
);
new k8s.apiextensions.CustomResource(
  "pool",
  {
    apiVersion: `${pulumi.getStack()}.example.com/v1`,
    kind: "Pool",
    metadata: {
      ...metadata,
      // Foreground deletion waits half a minute until the garbage collector knows the new kind.
      annotations: { "pulumi.com/deletionPropagationPolicy": "background" },
    },
    spec: { addresses: ["192.0.2.0/28"] },
  },
  { ...opts, dependsOn: definition },
);

const proof = new local.Command(
  "proof",
  {
    create: "echo proved $SUBJECT",
    environment: { SUBJECT: service.spec.clusterIP, TOKEN: token },
    logging: "none",
    triggers: [deployment.metadata.uid],
  },
  { dependsOn: service },
);

export const address = service.spec.clusterIP;
export const proved = proof.stdout;
