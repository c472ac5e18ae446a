import { expect } from "chai";

import { parseSettings } from "../../../components/config/read.ts";
import { schemas } from "../../../components/config/schema/schemas.ts";
import {
  bareMachine,
  cluster,
  faultsOf,
  network,
  noCrds,
  pools,
  routed,
  values,
  web,
} from "./values.ts";

const keysOf = (faults: readonly string[]) =>
  faults.map((fault) => fault.slice("provenet:".length, fault.indexOf(": ")));

describe("the faults of a configuration", () => {
  const cases: readonly [string, Record<string, unknown>, string, RegExp][] = [
    ["a missing key", { network: undefined }, "network", /is missing; write an object/],
    ["an unknown key", { pool: [] }, "pool", /is no key of this project; write one of cluster,/],
    ["a key that every object has", { constructor: 1 }, "constructor", /is no key of this project/],
    [
      "an unknown kind",
      { cluster: cluster({ kind: "kind" }) },
      "cluster.kind",
      /kind is minikube, existing or gke/,
    ],
    [
      "an unknown field",
      { network: network({ ingress: { pool: "home", class: "x" } }) },
      "network.ingress.class",
      /: is not a known key; write one of pool, /,
    ],
    [
      "an unknown field of minikube",
      { cluster: cluster({ nods: 3 }) },
      "cluster.nods",
      /: is not a known key; write one of kind, profile, nodes, /,
    ],
    [
      "an unknown field of the images",
      { images: { sauce: "lab" } },
      "images.sauce",
      /: is not a known key; write one of source, architecture, overrides$/,
    ],
    ["an unknown application", { apps: { shop: {} } }, "apps.shop", /write one of web$/],
    [
      "text for a number",
      { cluster: cluster({ nodes: "two" }) },
      "cluster.nodes",
      /got "two"; write a whole number from 1 to 9/,
    ],
    ["too many nodes", { cluster: cluster({ nodes: 10 }) }, "cluster.nodes", /got 10; /],
    [
      "too little memory",
      { cluster: cluster({ memoryMiB: 512 }) },
      "cluster.memoryMiB",
      /from 1800/,
    ],
    [
      "a version without patch",
      { cluster: cluster({ kubernetesVersion: "v1.34" }) },
      "cluster.kubernetesVersion",
      /write a full version, for example v1.34.2/,
    ],
    [
      "a profile that is an option",
      { cluster: cluster({ profile: "-p" }) },
      "cluster.profile",
      /got "-p"; write lowercase letters/,
    ],
    [
      "an unknown driver",
      { cluster: cluster({ driver: "kind" }) },
      "cluster.driver",
      /write one of docker/,
    ],
    [
      "an unknown image source",
      { images: { source: "hub" } },
      "images.source",
      /write one of upstream, lab/,
    ],
    [
      "an image without digest",
      { images: { overrides: { web: "nginx:latest" } } },
      "images.overrides.web",
      /got "nginx:latest"; write an image pinned by digest/,
    ],
    [
      "an unknown image",
      { images: { overrides: { cni: `a@sha256:${"0".repeat(64)}` } } },
      "images.overrides.cni",
      /: is not a known key; write one of calicoNode,/,
    ],
    [
      "no pool",
      { network: network({ pools: [] }) },
      "network.pools",
      /got \[\]; write at least one pool/,
    ],
    [
      "a pool without address",
      { network: network({ pools: pools() }) },
      "network.pools[0].addresses",
      /write at least one/,
    ],
    [
      "a web host without dot",
      { apps: { web: web({ host: "web" }) } },
      "apps.web.host",
      /a host name in lowercase letters with a dot/,
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

  it("report every fault at once, also those between parts that are readable", () => {
    const faults = faultsOf({
      cluster: cluster({ nodeNetwork: "10.96.0.0/24", cpus: "many" }),
      network: network({
        pools: [
          ...pools("10.244.1.0/24", "everything"),
          { name: "extra", addresses: ["10.244.1.7-10.244.1.9"] },
        ],
        ingress: { pool: "away" },
        routes: [{ on: "host", to: "10.96.0.0/24", via: "home" }],
      }),
      images: { source: "hub" },
      apps: { web: web({ pool: "away", host: "web" }) },
    });
    expect(keysOf(faults)).to.deep.equal([
      "cluster.cpus",
      "network.pools[0].addresses[1]",
      "network.routes[0].via",
      "apps.web.host",
      "images.source",
      "cluster.serviceNetwork",
      "network.pools[1].addresses[0]",
      "network.pools[0].addresses[0]",
      "network.pools[0].addresses[0]",
      "network.pools[1].addresses[0]",
      "network.pools[1].addresses[0]",
      "network.ingress.pool",
      "apps.web.pool",
      "network.routes[0].to",
    ]);
  });

  it("blame no key for another one that is unreadable", () => {
    const faults = faultsOf({
      network: network({
        pools: [{ name: "Home", addresses: ["172.17.255.0/24"] }],
        routes: [{ ...routed, to: "everywhere", on: "router" }],
      }),
      client: { router: "the cellar" },
    });
    expect(keysOf(faults)).to.deep.equal([
      "network.pools[0].name",
      "network.routes[0].to",
      "client.router",
    ]);
  });

  it("name the key of a value of another type, whatever the key", () => {
    for (const key of Object.keys(schemas)) {
      for (const wrong of [null, 7, true, "x y", ["?"], { "?": 1 }]) {
        const { settings, faults } = parseSettings(values({ [key]: wrong }), bareMachine, noCrds);
        const what = `${key} = ${JSON.stringify(wrong)}`;
        expect(settings, what).to.equal(undefined);
        expect(faults.map(({ propertyPath }) => propertyPath).join(), what).to.contain(key);
      }
    }
  });
});
