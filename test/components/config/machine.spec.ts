import { expect } from "chai";

import { parseMachine } from "../../../components/config/machine.ts";
import { parseSettings } from "../../../components/config/read.ts";
import { network, noCrds, routed, settingsOf, values } from "./values.ts";

const router = "netns:/run/netns/provenet-router";
const full = parseMachine(
  JSON.stringify({
    imageSource: "lab",
    crdsDirectory: "/cache/crds",
    router,
    vantageIds: { host: "net:[1]", [router]: "net:[2]" },
  }),
);
const vantage = { kind: "netns", path: "/run/netns/provenet-router" };
const onRouter = { ...routed, on: "router" };

describe("the machine's facts", () => {
  it("fill what the stack leaves unset", () => {
    const settings = settingsOf({ network: network({ routes: [onRouter] }) }, full);
    expect(settings.network.ingress.image).to.match(/^provenet\.lab\//);
    expect(settings.client.router).to.deep.equal(vantage);
    expect(settings.network.routes[0]).to.include({
      name: "route-router-172.17.255.0-24",
      vantageId: "net:[2]",
    });
    expect(settings.network.routes[0]?.on).to.deep.equal(vantage);
  });

  it("replace nothing that the stack sets", () => {
    const directories: string[] = [];
    const { settings } = parseSettings(
      values({
        network: network({ crdsDirectory: "own", routes: [routed, onRouter] }),
        images: { source: "upstream" },
        client: { router: "ssh:router.test" },
      }),
      full,
      (directory) => {
        directories.push(directory);
        return noCrds();
      },
    );
    expect(directories).to.deep.equal(["own", "own"]);
    expect(settings?.network.ingress.image).to.match(/@sha256:/);
    expect(settings?.client.router).to.deep.equal({ kind: "ssh", target: "router.test" });
    expect(settings?.network.routes.map(({ vantageId }) => vantageId)).to.deep.equal([
      "net:[1]",
      "",
    ]);
  });

  it("give the CRDs' directory", () => {
    const directories: string[] = [];
    parseSettings(values(), full, (directory) => {
      directories.push(directory);
      return noCrds();
    });
    expect(directories).to.deep.equal(["/cache/crds", "/cache/crds"]);
  });

  it("are optional", () => {
    expect(parseMachine(undefined)).to.deep.equal({ vantageIds: {} });
  });

  for (const text of ["{", "7", '{"images":"lab"}', '{"imageSource":"hub"}', '{"router":"x"}']) {
    it(`are a bug in provenet when they are ${text}`, () => {
      expect(() => parseMachine(text))
        .to.throw(/This is a bug in provenet.*\n {2}PROVENET_MACHINE/)
        .with.property("name", "Error");
    });
  }
});
