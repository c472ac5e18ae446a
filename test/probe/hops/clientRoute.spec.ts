import { expect } from "chai";

import { type ClientRouting, judgeClientRoute } from "../../../probe/hops/clientRoute.ts";
import type { Route } from "../../../net/ip.ts";
import type { Finding } from "../../../probe/model.ts";

const connected: Route = { dst: "10.9.1.0/24", dev: "c0", protocol: "kernel", flags: [] };
const routed: Route = {
  dst: "10.9.2.0/24",
  gateway: "10.9.1.1",
  dev: "c0",
  metric: 100,
  flags: [],
};
const address = { dev: "c0", address: "10.9.1.2", prefixLength: 24 };

function lookup(matched: Route, way: Partial<Route> = {}): ClientRouting["lookup"] {
  const { dev, gateway } = matched;
  const found = { dst: "10.9.2.2", prefsrc: "10.9.1.2", flags: [], dev, gateway, ...way };
  return { kind: "read", value: { way: found, matched } };
}

const good: ClientRouting = {
  target: "10.9.2.2",
  lookup: lookup(routed),
  routes: [connected, routed],
  addresses: [address],
  hasRouter: true,
};

function whyOf(finding: Finding): string {
  expect(finding.state).to.equal("broken");
  return finding.state === "broken" ? `${finding.why}; ${finding.remedy}` : "";
}

describe("the client's route", () => {
  it("is in order through a gateway, and says route, source and filter", () => {
    const finding = judgeClientRoute({ ...good, reversePathFilter: 1 });
    expect(finding).to.deep.equal({
      state: "ok",
      evidence: [
        "route: 10.9.2.0/24 via 10.9.1.1 dev c0 metric 100 from 10.9.1.2",
        "rp_filter on c0: 1",
      ],
    });
  });

  it("is in order on-link when no router stands between", () => {
    const routing = { ...good, target: "10.9.1.9", lookup: lookup(connected), hasRouter: false };
    expect(judgeClientRoute(routing).state).to.equal("ok");
  });

  it("is in order to the client's own address", () => {
    const routing = { ...good, lookup: lookup(connected, { type: "local", dev: "lo" }) };
    expect(judgeClientRoute(routing).state).to.equal("ok");
  });

  it("is unknown when it cannot be read", () => {
    const routing = { ...good, lookup: { kind: "unreadable", why: "no ip" } } as const;
    expect(judgeClientRoute(routing).state).to.equal("unknown");
  });

  it("is broken when there is none, with the command that adds one", () => {
    const routing = {
      ...good,
      lookup: { kind: "refused", why: "Network is unreachable" },
    } as const;
    const why = whyOf(judgeClientRoute({ ...routing, routes: [connected] }));
    expect(why).to.contain("no route to 10.9.2.2 (Network is unreachable)");
    expect(why).to.contain("ip route add 10.9.2.2/32 via ROUTER");
  });

  it("is broken when a special route forbids it, with the command that removes it", () => {
    const prohibit: Route = { type: "prohibit", dst: "10.9.2.0/24", flags: [] };
    const refused = { kind: "refused", why: "Permission denied" } as const;
    const why = whyOf(judgeClientRoute({ ...good, lookup: refused, routes: [prohibit] }));
    expect(why).to.contain("ip route del prohibit 10.9.2.0/24");
  });

  it("is broken when an on-link route wins over the one through the router", () => {
    const onLink: Route = { dst: "10.9.2.0/24", dev: "c0", flags: [] };
    const routing = { ...good, lookup: lookup(onLink), routes: [connected, onLink, routed] };
    const why = whyOf(judgeClientRoute({ ...routing, hasRouter: false }));
    expect(why).to.contain(
      '"10.9.2.0/24 dev c0" wins over "10.9.2.0/24 via 10.9.1.1 dev c0 metric 100"',
    );
    expect(why).to.contain("ip route del 10.9.2.0/24 dev c0");
  });

  it("is broken when a connected network shadows the address, with a longer prefix as remedy", () => {
    const docker: Route = { dst: "10.8.0.0/14", dev: "docker0", protocol: "kernel", flags: [] };
    const routing = { ...good, lookup: lookup(docker), routes: [docker] };
    expect(whyOf(judgeClientRoute(routing))).to.contain("ip route add 10.9.2.2/32 via ROUTER");
  });

  it("is broken on-link in a network in which the client has no address", () => {
    const onLink: Route = { dst: "10.9.2.0/24", dev: "c0", flags: [] };
    const routing = { ...good, lookup: lookup(onLink), routes: [onLink], hasRouter: false };
    expect(whyOf(judgeClientRoute(routing))).to.contain("in which the client has no address");
  });

  it("is broken when another route has the same metric", () => {
    const twin: Route = { ...routed, gateway: "10.9.1.9" };
    const why = whyOf(judgeClientRoute({ ...good, routes: [routed, twin] }));
    expect(why).to.contain("same metric");
  });

  it("is in order when another route has a higher metric", () => {
    const spare: Route = { ...routed, gateway: "10.9.1.9", metric: 200 };
    expect(judgeClientRoute({ ...good, routes: [routed, spare] }).state).to.equal("ok");
  });

  it("is broken when the gateway is the client itself", () => {
    const own: Route = { ...routed, gateway: "10.9.1.2" };
    const why = whyOf(judgeClientRoute({ ...good, lookup: lookup(own), routes: [own] }));
    expect(why).to.contain("the client itself");
  });

  it("is broken over an interface without a link", () => {
    const down: Route = { ...routed, flags: ["dead", "linkdown"] };
    expect(whyOf(judgeClientRoute({ ...good, lookup: lookup(down) }))).to.contain("without a link");
  });

  it("is broken with the source address of another interface, but not with one of lo", () => {
    const at = (dev: string) => ({ dev, address: "10.5.5.5", prefixLength: 32 });
    const routing = { ...good, lookup: lookup(routed, { prefsrc: "10.5.5.5" }) };
    const wrong = { ...routing, addresses: [address, at("docker0")] };
    expect(whyOf(judgeClientRoute(wrong))).to.contain("source address 10.5.5.5 of docker0");
    expect(judgeClientRoute({ ...routing, addresses: [address, at("lo")] }).state).to.equal("ok");
  });
});
