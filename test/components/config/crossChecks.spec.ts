import { expect } from "chai";

import { cluster, faultsOf, network, pools, routed, web } from "./values.ts";

describe("networks, pools and routes", () => {
  const cases: readonly [string, Record<string, unknown>, string, RegExp][] = [
    [
      "an unreadable network",
      { cluster: cluster({ podNetwork: "10.244.0.0" }) },
      "cluster.podNetwork",
      /not a network/,
    ],
    [
      "bits after the prefix",
      { cluster: cluster({ podNetwork: "10.244.1.0/16" }) },
      "cluster.podNetwork",
      /write 10.244.0.0\/16/,
    ],
    [
      "pods within services",
      { cluster: cluster({ podNetwork: "10.96.0.0/16" }) },
      "cluster.serviceNetwork",
      /overlaps "10.96.0.0\/16" of provenet:cluster.podNetwork/,
    ],
    [
      "a node network too narrow",
      {
        cluster: cluster({ nodeNetwork: "192.168.49.0/30" }),
        network: network({ pools: pools("172.17.255.0/24"), routes: [routed] }),
      },
      "cluster.nodeNetwork",
      /no room for 2 nodes/,
    ],
    [
      "a pod network too narrow",
      { cluster: cluster({ podNetwork: "10.244.0.0/24" }) },
      "cluster.podNetwork",
      /no \/24 for each of 2 nodes/,
    ],
    [
      "a service network too wide",
      { cluster: cluster({ serviceNetwork: "11.0.0.0/8" }) },
      "cluster.serviceNetwork",
      /wider than the API server accepts/,
    ],
    [
      "labels for fewer nodes",
      { cluster: cluster({ labels: { zone: ["a"] } }) },
      'cluster.labels["zone"]',
      /got 1 values, and nodes is 2/,
    ],
    [
      "an unreadable block",
      { network: network({ pools: pools("192.168.49.200") }) },
      "network.pools[0].addresses[0]",
      /single address/,
    ],
    [
      "a pool on the gateway",
      { network: network({ pools: pools("192.168.49.1-192.168.49.1") }) },
      "network.pools[0].addresses[0]",
      /holds 192.168.49.1 \(the gateway\)/,
    ],
    [
      "a pool on the second node",
      { network: network({ pools: pools("192.168.49.3-192.168.49.9") }) },
      "network.pools[0].addresses[0]",
      /holds 192.168.49.3 \(node 2\); .*for example 192.168.49.192-192.168.49.254/,
    ],
    [
      "a pool on the broadcast address",
      { network: network({ pools: pools("192.168.49.240/28") }) },
      "network.pools[0].addresses[0]",
      /holds 192.168.49.255 \(the broadcast address\)/,
    ],
    [
      "a pool that is the node network",
      { network: network({ pools: pools("192.168.49.0/24") }) },
      "network.pools[0].addresses[0]",
      /gateway.*node 1.*node 2.*broadcast/,
    ],
    [
      "a pool partly in the node network",
      { network: network({ pools: pools("192.168.49.250-192.168.50.10") }) },
      "network.pools[0].addresses[0]",
      /lies partly inside/,
    ],
    [
      "a pool around the node network",
      { network: network({ pools: pools("192.168.48.0/23") }) },
      "network.pools[0].addresses[0]",
      /lies partly inside/,
    ],
    [
      "a pool of pod addresses",
      {
        network: network({
          pools: pools("10.244.255.0/24"),
          routes: [{ ...routed, to: "10.244.255.0/24" }],
        }),
      },
      "network.pools[0].addresses[0]",
      /overlaps "10.244.0.0\/16" of provenet:cluster.podNetwork/,
    ],
    [
      "a pool of service addresses",
      {
        network: network({
          pools: pools("10.111.0.0/28"),
          routes: [{ ...routed, to: "10.111.0.0/28" }],
        }),
      },
      "network.pools[0].addresses[0]",
      /overlaps "10.96.0.0\/12" of provenet:cluster.serviceNetwork/,
    ],
    [
      "a pool that no route leads to",
      { network: network({ pools: pools("172.17.255.0/24") }) },
      "network.pools[0].addresses[0]",
      /no route leads to it; add to provenet:network.routes/,
    ],
    [
      "a pool that a route covers in part",
      { network: network({ pools: pools("172.17.254.0/23"), routes: [routed] }) },
      "network.pools[0].addresses[0]",
      /no route leads to it/,
    ],
    [
      "blocks that overlap",
      { network: network({ pools: pools("192.168.49.200/29", "192.168.49.204-192.168.49.210") }) },
      "network.pools[0].addresses[1]",
      /overlaps "192.168.49.200\/29" of provenet:network\.pools\[0\].addresses\[0\]/,
    ],
    [
      "a pool named twice",
      {
        network: network({ pools: [...pools("192.168.49.200/29"), ...pools("192.168.49.208/29")] }),
      },
      "network.pools[1].name",
      /taken by an earlier pool/,
    ],
    [
      "an unknown pool for the ingress",
      { network: network({ ingress: { pool: "away" } }) },
      "network.ingress.pool",
      /"away" is no pool of provenet:network.pools; write one of home/,
    ],
    [
      "an unknown pool for the web",
      { apps: { web: web({ pool: "away" }) } },
      "apps.web.pool",
      /write one of home/,
    ],
    [
      "a route on no vantage",
      { network: network({ routes: [{ ...routed, on: "the cellar" }] }) },
      "network.routes[0].on",
      /"the cellar" is not a vantage; .* or router for the vantage of client\.router/,
    ],
    [
      "a route on a router that is unset",
      { network: network({ routes: [{ ...routed, on: "router" }] }) },
      "network.routes[0].on",
      /needs provenet:client\.router; set it, for example/,
    ],
    [
      "a route over the node network",
      { network: network({ routes: [{ ...routed, to: "192.168.48.0/23", via: "10.0.0.1" }] }) },
      "network.routes[0].to",
      /overlaps "192\.168\.49\.0\/24" of provenet:cluster\.nodeNetwork, which the client must reach/,
    ],
    [
      "a route to an address",
      { network: network({ routes: [{ ...routed, to: "172.17.255.1" }] }) },
      "network.routes[0].to",
      /not a network/,
    ],
    [
      "a route via a network",
      { network: network({ routes: [{ ...routed, via: "192.168.49.0/24" }] }) },
      "network.routes[0].via",
      /not an address/,
    ],
    [
      "a next hop inside the destination",
      { network: network({ routes: [{ ...routed, via: "172.17.255.1" }] }) },
      "network.routes[0].via",
      /the network behind it/,
    ],
    [
      "a next hop of the other family",
      { network: network({ routes: [{ ...routed, via: "fd00::1" }] }) },
      "network.routes[0].via",
      /mix IPv4 and IPv6/,
    ],
    [
      "a route set twice",
      { network: network({ routes: [routed, { ...routed, via: "192.168.49.3" }] }) },
      "network.routes[1]",
      /a route to 172.17.255.0\/24 on host exists already/,
    ],
    [
      "a route set twice under two names of the router",
      {
        client: { router: "netns:/run/netns/r" },
        network: network({
          routes: [
            { ...routed, on: "router" },
            { ...routed, on: "netns:/run/netns/r", via: "192.168.49.3" },
          ],
        }),
      },
      "network.routes[1]",
      /a route to 172.17.255.0\/24 on netns:\/run\/netns\/r exists already/,
    ],
    [
      "a router at no vantage",
      { client: { router: "the cellar" } },
      "client.router",
      /"the cellar" is not a vantage/,
    ],
  ];
  for (const [what, changes, path, reason] of cases) {
    it(`reject ${what}, at its key and nothing else`, () => {
      const faults = faultsOf(changes);
      expect(faults).to.have.length(1);
      expect(faults[0]).to.match(reason);
      expect(faults[0]?.startsWith(`provenet:${path}: `), faults[0]).to.equal(true);
    });
  }
});
