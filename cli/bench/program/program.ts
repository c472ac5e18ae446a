/** What {@link programStart} starts: the SDK, the Kubernetes types, and a component that uses both. */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

interface SiteArgs {
  readonly image: string;
  readonly replicas?: pulumi.Input<number>;
}

class Site extends pulumi.ComponentResource {
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("bench:index:Site", name, args, opts);
    const { image, replicas = 1 } = args;
    const labels = { app: name };
    const deployment = new k8s.apps.v1.Deployment(
      `${name}-pods`,
      {
        spec: {
          replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name, image }] } },
        },
      },
      { parent: this },
    );
    this.ready = deployment.metadata.name;
  }
}

pulumi.runtime
  .setMocks({
    newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
    call: () => ({}),
  })
  .then(() => new Site("site", { image: "example/site:1" }))
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
