import { expect } from "chai";

import { nodesOfMachine } from "../../../cli/stack/machineFacts.ts";
import { parseMachine } from "../../../components/config/machine.ts";

const linux = { platform: "linux", arch: "x64" } as const;

describe("what the machine says about nodes", () => {
  it("is accepted by the program", () => {
    const facts = nodesOfMachine({}, "v1.38.1", linux);
    expect(facts).to.have.all.keys("architecture", "memoryMiB", "containerKernel", "virtualKernel");
    expect(parseMachine(JSON.stringify(facts))).to.deep.include(facts);
  });

  it("is Go's word for the architecture, and nothing for others", () => {
    const on = (arch: NodeJS.Architecture) => nodesOfMachine({}, undefined, { ...linux, arch });
    expect(on("x64").architecture).to.equal("amd64");
    expect(on("arm64").architecture).to.equal("arm64");
    expect(on("riscv64").architecture).to.equal(undefined);
  });

  it("is nothing about containers on another machine", () => {
    const facts = nodesOfMachine({ DOCKER_HOST: "ssh://other" }, undefined, linux);
    expect(facts).to.deep.equal({});
  });

  it("has no kernel of containers where Docker runs in a virtual machine", () => {
    const facts = nodesOfMachine({}, undefined, { platform: "darwin", arch: "arm64" });
    expect(facts).to.deep.equal({ architecture: "arm64" });
  });
});
