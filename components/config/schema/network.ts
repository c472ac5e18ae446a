import {
  address,
  block,
  cloudAssigns,
  group,
  label,
  list,
  network,
  text,
  vantageOrRouter,
} from "./values.ts";

const pool = group(
  {
    name: label("home").describe("Name that other keys refer to."),
    addresses: list(block("192.168.49.200-192.168.49.239"), "[192.168.49.200-192.168.49.239]")
      .min(1, { error: "write at least one, for example [192.168.49.200-192.168.49.239]" })
      .describe("Networks or ranges, inside the node network or behind a route."),
  },
  "{ name: home, addresses: [192.168.49.200-192.168.49.239] }",
).describe("Addresses for LoadBalancer Services.");

const className = label("nginx").default("nginx").describe("Class that an Ingress names.");

const ingress = group(
  { pool: label("home").describe("Pool that the controller's address comes from."), className },
  "{ pool: home, className: nginx }",
).describe("The ingress controller.");

const cloudIngress = group({ className }, "{ className: nginx }", cloudAssigns)
  .prefault({})
  .describe("The ingress controller.");

const route = group(
  {
    on: vantageOrRouter("host").describe("Where the route is set."),
    to: network("172.17.255.0/24").describe("Network that the route leads to."),
    via: address("192.168.49.2").describe("Next hop."),
  },
  "{ on: host, to: 172.17.255.0/24, via: 192.168.49.2 }",
).describe("A route that the program sets and keeps.");

/** Schema of `provenet:network`. */
export const networkSchema = group(
  {
    pools: list(pool, "[{ name: home, addresses: [192.0.2.0/28] }]")
      .min(1, {
        error: "write at least one pool, for example { name: home, addresses: [192.0.2.0/28] }",
      })
      .describe("Pools of addresses that MetalLB assigns to LoadBalancer Services."),
    ingress,
    routes: list(route, "[{ on: host, to: 172.17.255.0/24, via: 192.168.49.2 }]")
      .default([])
      .describe("Routes that lead to pools outside the node network."),
    crdsDirectory: text(".provenet/crds")
      .optional()
      .describe(
        "Folder with calico.yaml and metallb.yaml, the CRDs of the pinned releases. `npm run up` fills it.",
      )
      .meta({ fallback: "the machine's, else `.provenet/crds`" }),
  },
  "{ pools: [{ name: home, addresses: [192.0.2.0/28] }], ingress: { pool: home } }",
).describe("Addresses, the ingress controller and routes.");

/** Schema of `provenet:network` in a cloud, which assigns the addresses and routes them. */
export const cloudNetworkSchema = group(
  { ingress: cloudIngress },
  "{ ingress: { className: nginx } }",
  cloudAssigns,
)
  .prefault({})
  .describe("The ingress controller.");
