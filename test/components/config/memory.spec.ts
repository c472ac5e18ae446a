import { expect } from "chai";

import { parseMachine } from "../../../components/config/machine.ts";
import { cluster, faultsOf } from "./values.ts";

describe("the memory of a node", () => {
  const machine = parseMachine('{"memoryMiB":8192}');
  const withMemory = (memoryMiB: number) => ({ cluster: cluster({ memoryMiB }) });

  it("is refused where the machine has less", () => {
    expect(faultsOf(withMemory(8193), machine)).to.deep.equal([
      "provenet:cluster.memoryMiB: each node gets 8193 MiB, and this machine has 8192 MiB; write less, for example 3072",
    ]);
    expect(faultsOf(withMemory(8192), machine)).to.deep.equal([]);
  });

  it("is not refused where the machine is not known", () => {
    expect(faultsOf(withMemory(500_000))).to.deep.equal([]);
  });
});
