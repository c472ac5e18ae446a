/** Moments of `up` and `down` at which a run is killed. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";

import { containers, directories, labName, processes, stateFile } from "./lab.ts";

/** A named moment, and whether it has come. */
export interface Moment {
  readonly name: string;
  readonly hasCome: () => Promise<boolean>;
}

interface State {
  readonly recorded: readonly { readonly urn: string }[];
  readonly pending: readonly { readonly type: string; readonly urn: string }[];
}

/** The engine's state file. Empty while the engine writes it. */
export async function readStateFile(): Promise<State> {
  try {
    const { checkpoint } = JSON.parse(await readFile(stateFile, "utf8")) as {
      checkpoint: {
        latest?: {
          resources?: { urn: string }[];
          pending_operations?: { type: string; resource: { urn: string } }[];
        };
      };
    };
    const { resources = [], pending_operations = [] } = checkpoint.latest ?? {};
    return {
      recorded: resources,
      pending: pending_operations.map(({ type, resource: { urn } }) => ({ type, urn })),
    };
  } catch {
    return { recorded: [], pending: [] };
  }
}

const pends = (type: string, urn: RegExp) => async () =>
  (await readStateFile()).pending.some((one) => one.type === type && urn.test(one.urn));

/** Whether a program runs in one of the lab's nodes, with this first argument where one is given. */
const runsInNode = (program: string, argument?: string) => async () => {
  const ids = (await containers()).map(({ id }) => id);
  return (await processes()).some(
    ({ argv, cgroup }) =>
      basename(argv[0] ?? "") === program &&
      (argument === undefined || argv[1] === argument) &&
      ids.some((id) => cgroup.includes(id)),
  );
};

const runsHere = (program: string, argument: string) => async () =>
  (await processes()).some(
    ({ argv, isMarked }) => isMarked && basename(argv[0] ?? "") === program && argv[1] === argument,
  );

const nodesAre = (count: number) => async () => (await containers()).length === count;
const crd = /CustomResourceDefinition::/;

/** Moments of `up`, in their order. */
export const duringUp = {
  namespaces: {
    name: "the network namespaces are prepared",
    hasCome: () => Promise.resolve(existsSync(`/run/netns/${labName}-client`)),
  },
  docker: {
    name: "the lab's Docker starts",
    hasCome: async () =>
      (await processes()).some(
        ({ argv }) =>
          argv.some((word) => basename(word) === "dockerd") &&
          argv.includes(`${directories.run}/dockerd.json`),
      ),
  },
  image: { name: "the node image is loaded", hasCome: runsHere("docker", "load") },
  engine: {
    name: "the engine starts minikube",
    hasCome: pends("creating", /::cluster-minikube$/),
  },
  container: { name: "the first node's container starts", hasCome: nodesAre(1) },
  kubeadm: { name: "kubeadm runs in the first node", hasCome: runsInNode("kubeadm", "init") },
  apiServer: { name: "the first node's API server runs", hasCome: runsInNode("kube-apiserver") },
  join: { name: "the second node joins", hasCome: runsInNode("kubeadm", "join") },
  crds: {
    name: "a part of the CRDs is applied",
    hasCome: async () => {
      const { recorded, pending } = await readStateFile();
      return recorded.some(({ urn }) => crd.test(urn)) && pending.some(({ urn }) => crd.test(urn));
    },
  },
  metalLb: {
    name: "MetalLB's pods are awaited",
    hasCome: pends("creating", /(Deployment|DaemonSet)::network-metallb-/),
  },
  verification: { name: "the proofs run", hasCome: pends("creating", /-probe$/) },
} satisfies Readonly<Record<string, Moment>>;

/** Moments of `down`, in their order. */
export const duringDown = {
  deletion: {
    name: "the cluster's deletion begins",
    hasCome: pends("deleting", /::cluster-(minikube|nodes)$/),
  },
  betweenNodes: { name: "one of two nodes is deleted", hasCome: nodesAre(1) },
  labEnds: {
    name: "the stack is removed and the lab ends",
    hasCome: () => Promise.resolve(!existsSync(stateFile) && existsSync(directories.run)),
  },
} satisfies Readonly<Record<string, Moment>>;
