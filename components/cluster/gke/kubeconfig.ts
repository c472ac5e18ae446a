import { stringify } from "yaml";

/** What a kubeconfig of a cluster in Google Cloud is made of. */
export interface GkeEndpoint {
  /** Name of cluster, context and user. */
  readonly name: string;
  /** Address or DNS name of the API server. */
  readonly host: string;
  /** The cluster's CA in base64. A DNS name has a certificate that every client knows. */
  readonly certificateAuthority: string | undefined;
}

/** A kubeconfig that signs in with Google's plugin, so that it holds no token. */
export function kubeconfigFor({ name, host, certificateAuthority }: GkeEndpoint): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    contexts: [{ name, context: { cluster: name, user: name } }],
    clusters: [
      {
        name,
        cluster: {
          server: `https://${host}`,
          ...(certificateAuthority !== undefined && {
            "certificate-authority-data": certificateAuthority,
          }),
        },
      },
    ],
    users: [
      {
        name,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "gke-gcloud-auth-plugin",
            installHint:
              "install gke-gcloud-auth-plugin (`gcloud components install gke-gcloud-auth-plugin`) and sign in with `gcloud auth login`",
            provideClusterInfo: true,
          },
        },
      },
    ],
  });
}
