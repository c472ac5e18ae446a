import { expect } from "chai";
import * as fc from "fast-check";

import { VantageError, enterVantage, formatVantage, parseVantage } from "../../net/vantage.ts";

describe("a vantage", () => {
  const vantages: readonly [string, string[]][] = [
    ["host", []],
    ["netns:/run/netns/router", ["nsenter", "--net=/run/netns/router", "--"]],
    ["ssh:router.lan", ["ssh", "-o", "BatchMode=yes", "router.lan", "--"]],
    ["ssh:root@192.0.2.1", ["ssh", "-o", "BatchMode=yes", "root@192.0.2.1", "--"]],
  ];
  for (const [text, words] of vantages) {
    it(`${text} is entered by ${words.length === 0 ? "no word" : words.join(" ")}`, () => {
      expect(enterVantage(parseVantage(text))).to.deep.equal(words);
      expect(formatVantage(parseVantage(text))).to.equal(text);
    });
  }

  const wrong = [
    "",
    "Host",
    "netns:",
    "netns:router",
    "netns:/run/netns/a b",
    "netns:/run/$(id)",
    "ssh:",
    "ssh:-oProxyCommand=id",
    "ssh:a@-b",
    "ssh:a;b",
    "node:first",
  ];
  for (const text of wrong) {
    it(`is not "${text}", and the message says what is`, () => {
      expect(() => parseVantage(text)).to.throw(VantageError, /write host, netns:.*or ssh:/);
    });
  }

  it("never becomes an option or more than one word, whatever is written", () => {
    fc.assert(
      fc.property(fc.string(), (target) => {
        let words: string[];
        try {
          words = enterVantage(parseVantage(`ssh:${target}`));
        } catch (error) {
          expect(error).to.be.instanceOf(VantageError);
          return;
        }
        expect(words[3]).to.match(/^[^-\s;$`]+[^\s;$`]*$/);
      }),
    );
  });
});
