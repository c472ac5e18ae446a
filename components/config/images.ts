/** Reference of each container image: `name:tag@sha256:…`, or `provenet.lab/name:tag` in the lab. */
export interface Images {
  readonly calicoNode: string;
  readonly calicoCni: string;
  readonly calicoKubeControllers: string;
  readonly metallbController: string;
  readonly metallbSpeaker: string;
  readonly ingressController: string;
  /** A web server that listens on 8080 without root. */
  readonly web: string;
}
