import { expect } from "chai";

import { judgeRouterRoute, type RouterRouting } from "../../../probe/hops/routerRoute.ts";
import type { Route } from "../../../net/ip.ts";

type Looked = RouterRouting["there"];

const read = (matched: Route, way: Partial<Route> = {}): Looked => ({
  kind: "read",
  value: { matched, way: { ...matched, ...way } },
});
const refused = (why: string): Looked => ({ kind: "refused", why });

const good: RouterRouting = {
  target: "10.9.2.2",
  source: "10.9.1.2",
  there: read({ dst: "10.9.2.0/24", dev: "r1", flags: [] }),
  back: read({ dst: "10.9.1.0/24", dev: "r0", flags: [] }),
  forwarded: read({ dst: "10.9.2.2", dev: "r1", flags: [] }),
};

describe("the router's route", () => {
  it("is in order when it leads both ways", () => {
    expect(judgeRouterRoute(good)).to.deep.equal({
      state: "ok",
      evidence: ["to 10.9.2.2: 10.9.2.0/24 dev r1", "back to 10.9.1.2: 10.9.1.0/24 dev r0"],
    });
  });

  it("is broken without a route to the address", () => {
    const finding = judgeRouterRoute({ ...good, there: refused("Network is unreachable") });
    expect(finding).to.have.property("why").that.contains("no usable route to 10.9.2.2");
  });

  it("is broken without a route back to the client", () => {
    const finding = judgeRouterRoute({ ...good, back: refused("No route to host") });
    expect(finding).to.have.property("why").that.contains("no usable route to 10.9.1.2");
  });

  it("is broken when it leads back to the client", () => {
    const there = read({ dst: "default", gateway: "10.9.1.2", dev: "r0", flags: [] });
    expect(judgeRouterRoute({ ...good, there }))
      .to.have.property("why")
      .that.contains("back to the");
  });

  it("is broken when a rule refuses what comes from the client", () => {
    const finding = judgeRouterRoute({ ...good, forwarded: refused("Permission denied") });
    expect(finding).to.include({ state: "broken", counts: "silence" });
  });

  it("leaves forwarding and route as candidates when the kernel will not forward", () => {
    const finding = judgeRouterRoute({ ...good, forwarded: refused("No route to host") });
    expect(finding).to.deep.include({ state: "unknown", narrowsTo: [5, 7] });
  });

  it("leaves forwarding as candidate when the reverse path filter refuses", () => {
    const finding = judgeRouterRoute({ ...good, forwarded: refused("Invalid cross-device link") });
    expect(finding).to.deep.include({ state: "ok", narrowsTo: [5] });
  });

  it("is unknown when the router cannot be reached", () => {
    const there: Looked = { kind: "unreadable", why: "ssh ended with 255" };
    const finding = judgeRouterRoute({ ...good, there });
    expect(finding.state).to.equal("unknown");
    expect(finding.evidence).to.deep.equal(["the router could not be read: ssh ended with 255"]);
  });

  it("is skipped when the router is the client", () => {
    const back = read({ dst: "10.9.1.2", dev: "lo", flags: [] }, { type: "local" });
    expect(judgeRouterRoute({ ...good, back }).state).to.equal("skipped");
  });
});
