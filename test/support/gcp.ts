/** What Google Cloud and the programs that read it would answer. */

/** Outputs of a resource of Google Cloud besides its inputs. */
export function gcpOutputs(
  type: string,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  switch (type) {
    case "gcp:container/cluster:Cluster":
      return {
        endpoint: "203.0.113.9",
        masterAuth: { clusterCaCertificate: "Q0E=" },
        controlPlaneEndpointsConfig: {
          dnsEndpointConfig: { endpoint: "gke-1234.europe-west1.gke.goog" },
        },
      };
    case "gcp:serviceaccount/account:Account": {
      const email = `${String(inputs.accountId)}@my-project.iam.gserviceaccount.com`;
      return { email, member: `serviceAccount:${email}` };
    }
    default:
      return {};
  }
}

/** What the gke program prints after it has written the kubeconfig. */
export const gkeFileStdout = (environment: unknown): string =>
  JSON.stringify({
    schemaVersion: 1,
    path: `.provenet/provenet/kubeconfig-${(environment as { PROVENET_GKE: string }).PROVENET_GKE}`,
  });

/** What the calico program prints once the add-on is ready. */
export const calicoStdout = JSON.stringify({ schemaVersion: 1, image: "calico/node:1", nodes: 2 });
