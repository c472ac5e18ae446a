import { expect } from "chai";
import fc from "fast-check";

import { parseSettings } from "../../../components/config/read.ts";
import { readableParts } from "../../../components/config/readable.ts";
import { schemas } from "../../../components/config/schema/schemas.ts";
import { bareMachine, cluster, network, noCrds, settingsOf, values, web } from "./values.ts";

const complete = values();
const parts = { ...cluster(), ...network(), ...web() };

/** Any JSON, and objects with the real names that hold any JSON. */
const anything = fc.oneof(
  fc.jsonValue(),
  fc.dictionary(fc.constantFrom(...Object.keys(parts)), fc.jsonValue()),
  fc.record({ kind: fc.constantFrom("minikube", "existing", "gke"), nodes: fc.jsonValue() }),
  fc.record({
    pools: fc.array(fc.record({ name: fc.jsonValue(), addresses: fc.jsonValue() })),
    routes: fc.array(fc.record({ on: fc.constantFrom("router", "host", "?"), to: fc.jsonValue() })),
  }),
);
const key = fc.constantFrom(...Object.keys(complete));

describe("any configuration", () => {
  it("gives settings or faults that name their key, and never throws", () => {
    fc.assert(
      fc.property(key, anything, (name, value) => {
        const given = { ...complete, [name]: value };
        const { settings, faults } = parseSettings(given, bareMachine, noCrds);
        expect(settings === undefined).to.equal(faults.length > 0);
        for (const { propertyPath } of faults) {
          expect(propertyPath).to.match(/^provenet:(cluster|network|apps)\b/);
        }
      }),
    );
  });

  it("is as readable as its schema says", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(schemas)), anything, (schema, value) => {
        const result = schema.safeParse(value);
        const readable: unknown = readableParts(schema, value);
        if (result.success) expect(readable).to.deep.equal(result.data);
      }),
    );
  });

  it("keeps every pool exactly as it is written", () => {
    // Third byte of the node network, and the positions of blocks of eight above its nodes.
    const third = fc.integer({ min: 0, max: 95 });
    const eighths = fc.uniqueArray(fc.integer({ min: 2, max: 30 }), { minLength: 1 });
    fc.assert(
      fc.property(third, eighths, (byte, places) => {
        const texts = places.map((place) => `192.168.${byte}.${place * 8}/29`);
        const pools = texts.map((text, index) => ({ name: `p${index}`, addresses: [text] }));
        const settings = settingsOf({
          cluster: cluster({ nodeNetwork: `192.168.${byte}.0/24` }),
          network: network({ pools, ingress: { pool: "p0" } }),
          apps: {},
        });
        expect(
          settings.network.pools.flatMap(({ blocks }) => blocks.map(({ text }) => text)),
        ).to.deep.equal(texts);
      }),
    );
  });

  it("takes numbers and booleans as the texts that they are written as", () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(), fc.boolean()), (value) => {
        const { apps } = settingsOf({
          network: network({
            pools: [{ name: value, addresses: ["192.168.49.200/29"] }],
            ingress: { pool: String(value) },
          }),
          apps: { web: web({ pool: value }) },
        });
        expect(apps.web?.address).to.deep.equal({ pool: String(value) });
      }),
    );
  });
});
