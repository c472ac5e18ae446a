import { expect } from "chai";
import * as fc from "fast-check";

import {
  AddressError,
  addressAt,
  contains,
  faultOf,
  format,
  formatBlock,
  overlaps,
  parseAddress,
  parseBlock,
  parseNetwork,
  sizeOf,
} from "../../net/addresses.ts";

const address4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n });

/** Two addresses in order, as a range in text. */
const range = fc
  .tuple(address4, address4)
  .map(([a, b]) => (a < b ? { first: a, last: b } : { first: b, last: a }));
const textOf = ({ first, last }: { first: bigint; last: bigint }): string =>
  `${format(first, 4)}-${format(last, 4)}`;

describe("addresses", () => {
  describe("parse valid text", () => {
    const blocks: readonly [string, string, bigint][] = [
      ["192.0.2.0/24", "192.0.2.0/24", 256n],
      ["192.0.2.10-192.0.2.20", "192.0.2.10-192.0.2.20", 11n],
      ["192.0.2.10 - 192.0.2.20", "192.0.2.10-192.0.2.20", 11n],
      ["192.0.2.0-192.0.2.255", "192.0.2.0/24", 256n],
      ["192.0.2.9-192.0.2.9", "192.0.2.9", 1n],
      ["192.0.2.9/32", "192.0.2.9", 1n],
      ["0.0.0.0/0", "0.0.0.0/0", 2n ** 32n],
      ["fd00::/120", "fd00::/120", 256n],
      ["fd00::1-fd00::3", "fd00::1-fd00::3", 3n],
    ];
    for (const [text, canonical, size] of blocks) {
      it(`the block ${text} is ${canonical}`, () => {
        const block = parseBlock(text);
        expect(formatBlock(block)).to.equal(canonical);
        expect(sizeOf(block)).to.equal(size);
        expect(block.text).to.equal(text);
      });
    }
  });

  describe("say what to write instead", () => {
    const wrong: readonly [string, RegExp][] = [
      ["", /not a block/],
      ["home", /not a block/],
      ["192.0.2.1", /single address; write 192\.0\.2\.1\/32/],
      ["fd00::1", /single address; write fd00::1\/128/],
      ["192.0.2.256/24", /not a network/],
      ["192.0.2.0/33", /not a network/],
      ["192.0.2.0/", /not a network/],
      ["192.0.2.0/2 4", /not a network/],
      ["fd00::/129", /not a network/],
      ["192.0.2.7/24", /bits set after its prefix; write 192\.0\.2\.0\/24/],
      ["192.0.2.20-192.0.2.10", /runs backwards; write 192\.0\.2\.10-192\.0\.2\.20/],
      ["192.0.2.1-fd00::1", /mixes IPv4 and IPv6/],
      ["192.0.2.1-192.0.2.2-192.0.2.3", /not a block/],
      ["192.0.2.1-20", /not a block/],
      ["010.0.0.0/8", /not a network/],
      ["fe80::1%eth0-fe80::2%eth0", /not an address/],
    ];
    for (const [text, reason] of wrong) {
      it(`for the block "${text}"`, () => {
        expect(faultOf(parseBlock, text)).to.match(reason);
      });
    }

    it("and find no fault in a block that is right", () => {
      expect(faultOf(parseBlock, "192.0.2.0/24")).to.equal(undefined);
    });

    it("for a range where a network is needed", () => {
      expect(() => parseNetwork("192.0.2.1-192.0.2.2")).to.throw(AddressError, /not a network/);
    });

    it("for a network where an address is needed", () => {
      expect(() => parseAddress("192.0.2.0/24")).to.throw(AddressError, /not an address/);
    });

    it("and let other errors through", () => {
      const broken = (): never => {
        throw new TypeError("a bug");
      };
      expect(() => faultOf(broken, "192.0.2.0/24")).to.throw(TypeError, "a bug");
    });
  });

  describe("compare", () => {
    it("neighbouring blocks as apart", () => {
      expect(overlaps(parseBlock("192.0.2.0/25"), parseBlock("192.0.2.128/25"))).to.equal(false);
    });

    it("blocks that share one address as overlapping", () => {
      expect(overlaps(parseBlock("192.0.2.0/25"), parseBlock("192.0.2.127-192.0.2.200"))).to.equal(
        true,
      );
    });

    it("families as apart", () => {
      const all4 = parseBlock("0.0.0.0/0");
      const all6 = parseBlock("::/0");
      expect(overlaps(all4, all6)).to.equal(false);
      expect(contains(all6, all4)).to.equal(false);
    });

    it("a block that sticks out as not contained", () => {
      const network = parseBlock("192.0.2.0/24");
      expect(contains(network, parseBlock("192.0.2.0-192.0.2.255"))).to.equal(true);
      expect(contains(network, parseBlock("192.0.2.0-192.0.3.0"))).to.equal(false);
    });
  });

  describe("give the address at a position", () => {
    it("counted from the first", () => {
      const network = parseNetwork("192.168.49.0/24");
      expect(addressAt(network, 1)).to.equal("192.168.49.1");
      expect(addressAt(network, 255n)).to.equal("192.168.49.255");
    });

    it("or say that the block ends before it", () => {
      const network = parseNetwork("192.168.49.0/24");
      expect(() => addressAt(network, 256)).to.throw(AddressError, /no address at position 256/);
      expect(() => addressAt(network, -1)).to.throw(AddressError, /no address at position -1/);
    });
  });

  describe("hold for any range", () => {
    it("that its canonical form means the same addresses", () => {
      fc.assert(
        fc.property(range, (ends) => {
          const canonical = formatBlock(parseBlock(textOf(ends)));
          const again = ends.first === ends.last ? parseAddress(canonical) : parseBlock(canonical);
          expect([again.first, again.last]).to.deep.equal([ends.first, ends.last]);
        }),
      );
    });

    it("that overlapping is symmetric, and so is being apart", () => {
      fc.assert(
        fc.property(range, range, (a, b) => {
          const [x, y] = [parseBlock(textOf(a)), parseBlock(textOf(b))];
          expect(overlaps(x, y)).to.equal(overlaps(y, x));
          expect(overlaps(x, y)).to.equal(!(a.last < b.first || b.last < a.first));
        }),
      );
    });

    it("that two blocks contain one another only when equal", () => {
      fc.assert(
        fc.property(range, range, (a, b) => {
          const [x, y] = [parseBlock(textOf(a)), parseBlock(textOf(b))];
          expect(contains(x, x)).to.equal(true);
          expect(contains(x, y) && contains(y, x)).to.equal(
            a.first === b.first && a.last === b.last,
          );
        }),
      );
    });

    it("that a network has the size its prefix says", () => {
      fc.assert(
        fc.property(address4, fc.integer({ min: 0, max: 32 }), (number, prefix) => {
          const hostBits = 32n - BigInt(prefix);
          const start = (number >> hostBits) << hostBits;
          const network = parseNetwork(`${format(start, 4)}/${prefix}`);
          expect(sizeOf(network)).to.equal(1n << hostBits);
          expect(contains(network, parseAddress(format(number, 4)))).to.equal(true);
        }),
      );
    });

    it("that no text makes a parser throw anything but an AddressError", () => {
      fc.assert(
        fc.property(
          fc.oneof(fc.string(), fc.ipV4(), fc.ipV6(), fc.stringMatching(/^[\d./:-]*$/)),
          (text) => {
            for (const parse of [parseAddress, parseNetwork, parseBlock]) faultOf(parse, text);
          },
        ),
      );
    });
  });
});
