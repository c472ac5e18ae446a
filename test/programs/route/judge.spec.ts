import { expect } from "chai";
import * as fc from "fast-check";

import { judge } from "../../../programs/route/judge.ts";
import { type Family, format } from "../../../net/addresses.ts";
import { parseRoutes } from "../../../net/ip.ts";
import { tableEntry } from "../../../programs/route/table.ts";

const parseTable = (text: string, family: Family) =>
  parseRoutes(text).map((route) => tableEntry(route, family));

interface Entry {
  readonly dst: string;
  readonly gateway?: string;
  readonly dev?: string;
  readonly metric?: number;
  readonly type?: string;
  readonly protocol?: string;
}

/** The client: its own network, reached on the link. */
const home: Entry = { dst: "192.168.75.0/24", dev: "eth0", protocol: "kernel" };
const own = ["127.0.0.1", "192.168.75.123"];
const router = "192.168.75.11";
const pool = { on: "host", to: "172.17.255.0/24", via: router };

const judged = (entries: readonly Entry[], request = pool) =>
  judge(request, parseTable(JSON.stringify([home, ...entries]), 4), own);

const reasons = (entries: readonly Entry[], request = pool): readonly string[] => {
  const judgement = judged(entries, request);
  return judgement.state === "refused" ? judgement.reasons : [];
};

describe("a route", () => {
  describe("can be added", () => {
    const cases: Record<string, Entry[]> = {
      "where nothing else leads there": [],
      "next to a default route": [{ dst: "default", gateway: "192.168.75.1", dev: "eth0" }],
      "over a shorter prefix on a link, such as docker0's": [
        { dst: "172.17.0.0/16", dev: "docker0", protocol: "kernel" },
      ],
      "over a shorter prefix to another gateway": [
        { dst: "172.16.0.0/12", gateway: "192.168.75.1", dev: "eth0" },
      ],
      "next to its neighbours": [{ dst: "172.17.254.0/24", gateway: "192.168.75.1", dev: "eth0" }],
      "before an equal prefix of a higher metric": [
        { dst: pool.to, gateway: "192.168.75.1", dev: "eth0", metric: 100 },
      ],
      "before an equal prefix on a link of a higher metric": [
        { dst: pool.to, dev: "wlan0", metric: 600 },
      ],
      "over a longer prefix to the same gateway": [
        { dst: "172.17.255.128/25", gateway: router, dev: "eth0" },
      ],
    };
    for (const [title, entries] of Object.entries(cases)) {
      it(title, () => {
        expect(judged(entries)).to.deep.equal({ state: "absent" });
      });
    }
  });

  describe("is there already", () => {
    it("with the same prefix and gateway", () => {
      expect(judged([{ dst: pool.to, gateway: router, dev: "eth0" }]).state).to.equal("present");
    });

    it("with another metric, as long as it wins", () => {
      const entries = [
        { dst: pool.to, gateway: router, dev: "eth0", metric: 50 },
        { dst: pool.to, gateway: "192.168.75.1", dev: "eth0", metric: 100 },
      ];
      expect(judged(entries).state).to.equal("present");
    });

    it("and not so when it loses against another", () => {
      const entries = [
        { dst: pool.to, gateway: router, dev: "eth0", metric: 50 },
        { dst: pool.to, gateway: "192.168.75.1", dev: "eth0" },
      ];
      expect(judged(entries).state).to.equal("refused");
    });
  });

  describe("is refused, with the remedy", () => {
    it("where the same prefix is on a link", () => {
      const [reason] = reasons([{ dst: pool.to, dev: "docker0", protocol: "kernel" }]);
      expect(reason).to.contain('"172.17.255.0/24 dev docker0" takes 172.17.255.0/24');
      expect(reason).to.contain("ip address show dev docker0");
    });

    it("where the same prefix was added to a link by hand", () => {
      const [reason] = reasons([{ dst: pool.to, dev: "eth0", protocol: "boot" }]);
      expect(reason).to.contain("ip route del 172.17.255.0/24 dev eth0");
    });

    it("where a longer prefix on a link takes a part", () => {
      const [reason] = reasons([{ dst: "172.17.255.0/28", dev: "br0", protocol: "kernel" }]);
      expect(reason).to.contain("is the longer prefix and takes its part");
    });

    it("where a longer prefix leads to another gateway", () => {
      const [reason] = reasons([
        { dst: "172.17.255.7", gateway: "192.168.75.1", dev: "eth0", metric: 900 },
      ]);
      expect(reason).to.contain("ip route del 172.17.255.7 via 192.168.75.1 dev eth0 metric 900");
    });

    it("where an equal prefix of equal metric leads to another gateway", () => {
      const [reason] = reasons([{ dst: pool.to, gateway: "192.168.75.1", dev: "eth0" }]);
      expect(reason).to.contain("wins over a route through 192.168.75.11");
      expect(reason).to.contain("ip route del 172.17.255.0/24 via 192.168.75.1 dev eth0");
    });

    it("where the gateway of what is there is the host itself", () => {
      const [reason] = reasons([{ dst: pool.to, gateway: "192.168.75.123", dev: "eth0" }]);
      expect(reason).to.contain("192.168.75.123 is this host itself, so packets go nowhere");
    });

    it("where packets are discarded", () => {
      const [reason] = reasons([{ dst: pool.to, type: "blackhole" }]);
      expect(reason).to.contain("packets are discarded");
      expect(reason).to.contain("ip route del blackhole 172.17.255.0/24");
    });

    it("where packets go to the gateway and to another in turn", () => {
      const table = parseTable(
        JSON.stringify([
          home,
          { dst: pool.to, nexthops: [{ gateway: router }, { gateway: "192.168.75.12" }] },
        ]),
        4,
      );
      expect(judge(pool, table, own).state).to.equal("refused");
    });

    it("where the gateway is an address of the host itself", () => {
      const [reason] = reasons([], { ...pool, via: "192.168.75.123" });
      expect(reason).to.contain("192.168.75.123 is an address of this host itself");
    });

    it("where no network of the host has the gateway", () => {
      const [reason] = reasons([], { ...pool, via: "10.0.0.1" });
      expect(reason).to.contain("no route leads there");
    });

    it("where the gateway is behind another gateway", () => {
      const [reason] = reasons([{ dst: "default", gateway: "192.168.75.1", dev: "eth0" }], {
        ...pool,
        via: "10.0.0.1",
      });
      expect(reason).to.contain('it is behind "default via 192.168.75.1 dev eth0"');
    });

    it("for every reason at once", () => {
      const entries = [
        { dst: "172.17.255.0/28", dev: "br0" },
        { dst: "172.17.255.16/28", dev: "br1" },
      ];
      expect(reasons(entries, { ...pool, via: "10.0.0.1" })).to.have.length(3);
    });

    it("with commands that act where the route is", () => {
      const request = { ...pool, on: "netns:/run/netns/lab" };
      const [reason] = reasons([{ dst: pool.to, gateway: "192.168.75.1", dev: "eth0" }], request);
      expect(reason).to.contain('"nsenter --net=/run/netns/lab -- ip route del 172.17.255.0/24');
    });
  });

  it("is refused exactly when the table, with it, sends an address elsewhere", () => {
    // The block is 10.0.0.0/28, the table random routes in 10.0.0.0/26: each may win or lose.
    const request = { on: "host", to: "10.0.0.0/28", via: router };
    const entry = fc
      .record({
        prefix: fc.integer({ min: 26, max: 32 }),
        address: fc.integer({ min: 0, max: 63 }),
        gateway: fc.constantFrom(router, "192.168.75.1", undefined),
        metric: fc.constantFrom(0, 50),
      })
      .map(({ prefix, address, gateway, metric }): Entry & { first: number; size: number } => {
        const size = 2 ** (32 - prefix);
        const first = address - (address % size);
        const dst = `${format(BigInt(10 * 2 ** 24 + first), 4)}/${prefix}`;
        return { dst, metric, dev: "eth0", first, size, ...(gateway && { gateway }) };
      });
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { selector: ({ dst, metric }) => `${dst} ${metric ?? 0}` }),
        (table) => {
          const judgement = judged(table, request);
          const added =
            judgement.state === "present"
              ? []
              : [{ first: 0, size: 16, metric: 0, gateway: router }];
          // A route that is there under the same prefix and metric leaves no room for ours.
          const isTaken = table.some(
            ({ first, size, metric, gateway }) =>
              first === 0 && size === 16 && metric === 0 && gateway !== router,
          );
          const goesElsewhere = Array.from({ length: 16 }, (_, address) => {
            const [best] = [...added, ...table]
              .filter(({ first, size }) => first <= address && address < first + size)
              .sort((a, b) => a.size - b.size || (a.metric ?? 0) - (b.metric ?? 0));
            return best?.gateway !== router;
          });
          const isShadowed = table.some((a) => a.first < 16 && a.size < 16 && a.gateway !== router);
          // Where a longer prefix only loses against one longer still, refusing is caution.
          if (goesElsewhere.includes(true) || isTaken) expect(judgement.state).to.equal("refused");
          else if (!isShadowed) expect(judgement.state).not.to.equal("refused");
        },
      ),
    );
  });
});
