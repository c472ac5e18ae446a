import { execFileSync } from "node:child_process";

import { expect } from "chai";

import { explain } from "../../probe/explain.ts";
import { addresses, Network } from "./network.ts";

const { client, routerToClient, server, serverNetwork } = addresses;

type Proof = Awaited<ReturnType<Network["probe"]>>;

interface Case {
  readonly title: string;
  /** Breaks the network. */
  readonly fault: (network: Network) => Promise<unknown>;
  readonly request?: object;
  /** The kernel takes 3 s until it gives up on ARP. */
  readonly arp?: true;
  /** The server's process runs. */
  readonly served?: true;
  /** The request names no router. */
  readonly withoutRouter?: true;
  readonly expected: (proof: Proof) => void;
}

/** The verdict names this hop, in the JSON and in the first line for people. */
function names(hop: number, symptom: string) {
  return ({ code, verdict }: Proof) => {
    expect(verdict.broken?.hop, explain(verdict)).to.equal(hop);
    expect(verdict.symptom).to.equal(symptom);
    expect(code).to.equal(1);
  };
}

/** No hop is named; these are the candidates, and none of them was seen in order. */
function leaves(candidates: readonly number[], symptom: string) {
  return ({ code, verdict }: Proof) => {
    expect(verdict.broken, explain(verdict)).to.deep.include({ hop: null, candidates });
    expect(verdict.symptom).to.equal(symptom);
    expect(code).to.equal(1);
  };
}

const cases: readonly Case[] = [
  {
    title: "proves a working path at the first attempt",
    served: true,
    fault: () => Promise.resolve(),
    request: { ask: "http", url: `http://${server}/`, body: "mark", deadlineSeconds: 60 },
    expected: ({ code, verdict }) => {
      expect(verdict, explain(verdict)).to.include({ verdict: "proved", attempts: 1 });
      expect(verdict.from.address).to.equal(client);
      const ok = verdict.hops.filter(({ state }) => state === "ok").map(({ hop }) => hop);
      expect(ok).to.deep.equal([2, 4, 7, 18]);
      expect(code).to.equal(0);
    },
  },
  {
    title: "names hop 2 when a second, on-link route wins",
    arp: true,
    fault: (network) => network.ip("client", `route add ${serverNetwork} dev c0`),
    expected: (proof) => {
      names(2, "no neighbour")(proof);
      expect(proof.verdict.broken?.why).to.contain("wins over");
    },
  },
  {
    title: "names hop 2 when a twin of equal metric comes first",
    arp: true,
    fault: async (network) => {
      await network.ip("client", `route prepend ${serverNetwork} via 10.9.1.99 metric 100`);
    },
    expected: (proof) => {
      names(2, "no neighbour")(proof);
      expect(proof.verdict.broken?.why).to.contain("same metric");
    },
  },
  {
    title: "names hop 2 when the client has no route",
    fault: (network) => network.ip("client", `route del ${serverNetwork}`),
    expected: names(2, "no route"),
  },
  {
    title: "names hop 4 when the gateway is down",
    arp: true,
    fault: (network) => network.ip("router", `addr del ${routerToClient}/24 dev r0`),
    withoutRouter: true,
    expected: (proof) => {
      names(4, "no neighbour")(proof);
      expect(proof.verdict.broken?.why).to.contain(`the gateway ${routerToClient}`);
    },
  },
  {
    title: "names hop 2 when the link to the gateway is down",
    arp: true,
    fault: (network) => network.ip("router", "link set r0 down"),
    withoutRouter: true,
    expected: (proof) => {
      names(2, "no neighbour")(proof);
      expect(proof.verdict.broken?.why).to.contain("an interface without a link");
    },
  },
  {
    title: "narrows it to forwarding or route when the router does not forward",
    fault: (network) => network.forward(false),
    expected: leaves([5, 7], "silence"),
  },
  {
    title: "leaves every hop that can be silent when it cannot see the router",
    fault: (network) => network.forward(false),
    withoutRouter: true,
    expected: leaves([3, 5, 6, 7, 8, 10, 11, 14, 15, 16, 17, 19], "silence"),
  },
  {
    title: "names hop 7 when the router has no route",
    fault: (network) => network.ip("router", `route del ${serverNetwork}`),
    expected: names(7, "unreachable"),
  },
  {
    title: "names hop 7 when the router has a blackhole",
    fault: (network) => network.ip("router", `route add blackhole ${server}/32`),
    expected: names(7, "silence"),
  },
  {
    title: "names hop 7 when a rule of the router prohibits the way",
    fault: (network) => network.ip("router", `rule add from ${client} to ${server} prohibit`),
    expected: names(7, "unreachable"),
  },
  {
    // As a REJECT in the FORWARD chain: the routes are in order, but this port is refused by ICMP.
    title: "leaves the hops that answer by ICMP when the router rejects the port",
    fault: (network) => network.ip("router", "rule add iif r0 ipproto tcp dport 80 prohibit"),
    expected: (proof) => {
      leaves([3, 5, 6, 8, 10, 11], "unreachable")(proof);
      expect(proof.verdict.lastAnswer).to.equal("host unreachable (ICMP, from a router)");
    },
  },
  ...[
    { verdict: "reject", symptom: "rejected", candidates: [3, 6, 10, 11, 12, 17] },
    { verdict: "reject with tcp reset", symptom: "refused", candidates: [3, 6, 10, 11, 12, 17] },
    {
      verdict: "drop",
      symptom: "silence",
      candidates: [3, 5, 6, 8, 10, 11, 14, 15, 16, 17, 19],
    },
  ].map(({ verdict, symptom, candidates }): Case => ({
    title: `leaves the router's firewall among the candidates when its forward chain says "${verdict}"`,
    fault: (network) =>
      network.nft(
        `table inet t { chain f { type filter hook forward priority 0; tcp dport 80 ${verdict}; }; }`,
      ),
    expected: leaves(candidates, symptom),
  })),
  {
    title: "distinguishes a closed port from a broken path",
    fault: () => Promise.resolve(),
    request: { ask: "tcp", address: server, port: 81 },
    expected: leaves([3, 6, 10, 11, 12, 17], "refused"),
  },
  {
    title: "names hop 18 when the answer is another",
    served: true,
    fault: () => Promise.resolve(),
    request: { ask: "http", url: `http://${server}/`, body: "other" },
    expected: names(18, "wrong answer"),
  },
  {
    title: "proves a path that comes up between attempts",
    served: true,
    fault: async (network) => {
      await network.forward(false);
      setTimeout(() => void network.forward(true), 600);
    },
    request: { ask: "http", url: `http://${server}/`, deadlineSeconds: 60 },
    expected: ({ verdict }) => {
      expect(verdict, explain(verdict)).to.include({ verdict: "proved" });
    },
  },
];

describe("a proof through a real router", function () {
  this.timeout(300_000);
  const networks: Network[] = [];
  const proofs: Promise<Proof>[] = [];

  before("builds a network for each case and asks in all at once", async () => {
    if (process.getuid?.() !== 0) {
      throw new Error("these tests make network namespaces: run them as root");
    }
    for (const { arp, fault, request, served, withoutRouter } of cases) {
      const network = new Network();
      networks.push(network);
      await network.build();
      if (served === true) await network.serve();
      await fault(network);
      const proof = network.probe({
        name: "test",
        deadlineSeconds: arp === true ? 4 : 1,
        ...(request ?? { ask: "http", url: `http://${server}/`, body: "mark" }),
        ...(withoutRouter === true ? {} : { router: network.router }),
      });
      // Its own test awaits it.
      proof.catch(() => undefined);
      proofs.push(proof);
    }
  });

  after("deletes the networks", async () => {
    await Promise.allSettled(proofs);
    await Promise.all(networks.map((network) => network.delete()));
    const left = execFileSync("ip", ["netns", "list"], { encoding: "utf8" });
    for (const network of networks) {
      expect(left).not.to.contain(network.router.replace("netns:/run/netns/", ""));
    }
  });

  for (const [position, { title, expected }] of cases.entries()) {
    it(title, async () => {
      const proof = await proofs[position];
      if (proof === undefined) throw new Error("it was not asked");
      expected(proof);
      // Whatever is broken, it says what was asked and what came back.
      const [first = ""] = explain(proof.verdict).split("\n");
      expect(first).to.contain(proof.verdict.asked).and.contain(proof.verdict.lastAnswer);
    });
  }
});
