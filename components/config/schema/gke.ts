import { z } from "zod";

import { flag, integer, list, network, pattern, strict } from "./values.ts";

const zone = () =>
  pattern(/^[a-z]+-[a-z]+\d{1,2}-[a-z]$/, "a zone of Google Cloud", "europe-west1-b");

/** The kind gke: Google Cloud makes the cluster. */
export const gke = strict({
  kind: z.literal("gke").describe("Google Cloud makes the cluster."),
  project: pattern(
    /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/,
    "the id of a project, 6 to 30 lowercase letters, digits and inner dashes",
    "my-project",
  ).describe("Project in Google Cloud that holds and pays for everything."),
  location: pattern(
    /^[a-z]+-[a-z]+\d{1,2}(-[a-z])?$/,
    "a region or a zone of Google Cloud",
    "europe-west1",
  ).describe(
    "Where the control plane runs: in three zones of a region, or in one zone. Another location replaces the cluster.",
  ),
  zones: list(zone(), "[europe-west1-b, europe-west1-c]")
    .min(2, { error: "write at least two, for example [europe-west1-b, europe-west1-c]" })
    .describe(
      "Zones of the nodes, in the region of the location. Each node has its zone in the label `topology.kubernetes.io/zone`.",
    ),
  // The node's service account is named after the cluster, and its id has at most 30 characters.
  name: pattern(
    /^[a-z]([a-z0-9-]{0,22}[a-z0-9])?$/,
    "a letter, then lowercase letters, digits and inner dashes, at most 24",
    "provenet",
  ).describe(
    "Name of the cluster and start of all other names in the project. Another name replaces everything.",
  ),
  nodesPerZone: integer(1, 50, 1).default(1).describe("Number of nodes in each zone."),
  machineType: pattern(
    /^[a-z][a-z0-9]*(-[a-z0-9]+)+$/,
    "a machine type of Google Cloud",
    "e2-standard-4",
  )
    .default("e2-standard-4")
    .describe("Machine type of each node. Calico needs more than a shared processor."),
  channel: z
    .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"], {
      error: "write one of RAPID, REGULAR, STABLE, EXTENDED",
    })
    .default("REGULAR")
    .describe("Release channel, which upgrades the control plane and the nodes."),
  kubernetesVersion: pattern(
    /^1\.\d{2}(\.\d+(-gke\.\d+)?)?$/,
    "a version of GKE without v, from the minor on",
    "1.34",
  )
    .optional()
    .describe("Oldest version of the control plane. The channel must offer it.")
    .meta({ fallback: "the channel's" }),
  maintenanceStart: pattern(/^([01]\d|2[0-3]):[0-5]\d$/, "a time from 00:00 to 23:59", "03:00")
    .default("03:00")
    .describe("Start of the daily maintenance window in UTC. Google chooses its length."),
  dnsEndpoint: flag()
    .default(false)
    .describe(
      "Whether the API server is reached by a DNS name that checks Google's sign-in. Needs no network, and serves people without a fixed address.",
    ),
  authorisedNetworks: list(network("198.51.100.7/32"), "[198.51.100.7/32]")
    .default([])
    .describe("Networks that may reach the API server's public address. None closes it."),
  controlPlaneNetwork: network("172.16.0.0/28").describe(
    "Network of the control plane, a /28. Another one replaces the cluster.",
  ),
  nodeNetwork: network("10.10.0.0/20").describe("Primary range of the nodes' subnetwork."),
  podNetwork: network("10.12.0.0/14").describe(
    "Secondary range of the pods. GKE takes a /24 of it for each node. Another one replaces the cluster.",
  ),
  serviceNetwork: network("10.16.0.0/20").describe(
    "Secondary range of the Services' cluster addresses. Another one replaces the cluster.",
  ),
  deletionProtection: flag()
    .default(true)
    .describe("Whether the cluster refuses to be deleted or replaced."),
}).describe(
  "A private cluster that the program makes in Google Cloud, with its network. Addresses for Services are reserved, one for each.",
);
