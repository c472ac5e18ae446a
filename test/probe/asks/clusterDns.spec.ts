import { expect } from "chai";

import { type NodeAnswer, outcomeOf, parseResolver } from "../../../probe/asks/clusterDns.ts";

describe("a pod's resolver", () => {
  it("names its servers and the cluster's domain", () => {
    const text = [
      "search a.svc.k8s.example svc.k8s.example k8s.example",
      "nameserver 10.96.0.10",
      "nameserver 2001:db8::53",
      "options ndots:5",
    ].join("\n");
    expect(parseResolver(text)).to.deep.equal({
      servers: ["10.96.0.10", "2001:db8::53"],
      domain: "k8s.example",
    });
  });

  it("without a search list has the usual domain", () => {
    expect(parseResolver("")).to.deep.equal({ servers: [], domain: "cluster.local" });
  });
});

describe("the outcome of all nodes", () => {
  const of = (node: string, symptom: NodeAnswer["symptom"]): NodeAnswer => {
    return { node, symptom, text: symptom, servers: [] };
  };
  const cases: readonly [string, readonly NodeAnswer[], string, string][] = [
    [
      "is an answer when all have one",
      [of("a", "answer"), of("b", "answer")],
      "answer",
      "pods on a and b get the address",
    ],
    [
      "names the node without an answer",
      [of("a", "answer"), of("b", "no name")],
      "no name",
      "pods on b get no answer",
    ],
    [
      "prefers a missing answer to a wrong one and to a node that was not asked",
      [of("a", "not asked"), of("b", "wrong answer"), of("c", "no name")],
      "no name",
      "pods on c get no answer; pods on b get a wrong answer; pods on a could not be asked",
    ],
    [
      "is not asked when one node was not asked",
      [of("a", "answer"), of("b", "not asked")],
      "not asked",
      "pods on b could not be asked",
    ],
    ["is not asked without nodes", [], "not asked", "the cluster has no nodes"],
  ];
  for (const [title, answers, symptom, text] of cases) {
    it(title, () => {
      expect(outcomeOf(answers)).to.deep.include({ symptom, text });
    });
  }
});
