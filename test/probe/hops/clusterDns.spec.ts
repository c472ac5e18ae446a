import { expect } from "chai";

import { type NodeAnswer, outcomeOf } from "../../../probe/asks/clusterDns.ts";
import { type DnsServerFacts, judgeClusterDns } from "../../../probe/hops/clusterDns.ts";
import { reduce } from "../../../probe/reduce.ts";

const answers = (symptoms: Readonly<Record<string, NodeAnswer["symptom"]>>): NodeAnswer[] =>
  Object.entries(symptoms).map(([node, symptom]) => ({
    ...{ node, symptom, text: symptom, servers: ["10.96.0.10"] },
  }));

const facts: DnsServerFacts = {
  addresses: ["10.96.0.10"],
  endpoints: [{ address: "10.244.1.3", node: "a", ready: true }],
  blocks: ["10.244.1.0/26", "10.244.2.0/26"],
};

function judge(
  symptoms: Readonly<Record<string, NodeAnswer["symptom"]>>,
  changes: Partial<DnsServerFacts> = {},
) {
  const given = answers(symptoms);
  const { findings, remedy } = judgeClusterDns(given, { ...facts, ...changes });
  const observations = [...findings].map(([hop, finding]) => ({ hop, finding, milliseconds: 0 }));
  return reduce({ ...outcomeOf(given), remedy }, observations);
}

const stateOf = ({ hops }: ReturnType<typeof judge>, hop: number) => hops[hop - 1]?.state;

describe("the hops of the cluster's DNS", () => {
  it("are proved when every node has an answer, and the overlay is ok when one crossed it", () => {
    const judged = judge({ a: "answer", b: "answer" });
    expect(judged).to.include({ verdict: "proved", broken: null });
    expect([1, 12, 15].map((hop) => stateOf(judged, hop))).to.deep.equal(["ok", "ok", "ok"]);
    expect([2, 9, 13].map((hop) => stateOf(judged, hop))).to.deep.equal(Array(3).fill("skipped"));
  });

  it("leave the overlay unknown when no answer crossed it", () => {
    expect(stateOf(judge({ a: "answer" }), 15)).to.equal("unknown");
  });

  it("narrow to the way between the nodes when only a node without a server fails", () => {
    const { broken } = judge({ a: "answer", b: "no name" });
    expect(broken).to.deep.include({ hop: null, candidates: [11, 14, 15, 16, 19] });
    expect(broken?.remedy).to.match(/DNS server on a answers .* on b, and at the tunnel/);
  });

  it("include the server's process when its own node fails", () => {
    const { broken } = judge({ a: "no name", b: "no name" });
    expect(broken).to.deep.include({ hop: null, candidates: [11, 14, 15, 16, 17, 19] });
    expect(broken?.remedy).to.match(/kube-proxy on a and b.*logs -l k8s-app=kube-dns/);
  });

  it("leave out the tunnel when only the server's own node fails", () => {
    const { broken } = judge({ a: "no name", b: "answer" });
    expect(broken).to.deep.include({ hop: null, candidates: [11, 14, 16, 19] });
  });

  it("are broken at the endpoints when no server is ready", () => {
    const endpoints = [{ address: "10.244.1.3", node: "a", ready: false }];
    const { broken } = judge({ a: "no name" }, { endpoints });
    expect(broken).to.include({ hop: 12 });
    expect(broken?.why).to.equal("the Service kube-system/kube-dns has no ready endpoint");
  });

  it("are broken at the overlay when the server's address is not Calico's", () => {
    const endpoints = [{ address: "10.244.0.2", node: "a", ready: true }];
    const { broken } = judge({ a: "answer", b: "no name" }, { endpoints });
    expect(broken).to.include({ hop: 15 });
    expect(broken?.why).to.match(/address 10\.244\.0\.2 on a is in no block of Calico/);
    expect(broken?.remedy).to.contain("delete pods -l k8s-app=kube-dns");
  });

  it("ignore the address of a server that is not ready", () => {
    const stopped = { address: "10.244.0.2", node: "a", ready: false };
    const endpoints = [...facts.endpoints, stopped];
    expect(judge({ a: "answer", b: "no name" }, { endpoints }).broken).to.include({ hop: null });
  });

  it("ignore the blocks of a cluster without Calico, and while all is well", () => {
    const endpoints = [{ address: "10.244.0.2", node: "a", ready: true }];
    const without = judge({ a: "answer", b: "no name" }, { endpoints, blocks: undefined });
    expect(without.broken).to.include({ hop: null });
    expect(judge({ a: "answer", b: "answer" }, { endpoints }).verdict).to.equal("proved");
  });

  it("are broken at the name when the server gives another address", () => {
    const { broken } = judge({ a: "answer", b: "wrong answer" });
    expect(broken).to.include({ hop: 1 });
    expect(broken?.why).to.match(/pods on b a wrong address/);
  });

  it("are unknown when a node could not be asked and the others have an answer", () => {
    const { verdict, broken } = judge({ a: "answer", b: "not asked" });
    expect(verdict).to.equal("unknown");
    expect(broken).to.deep.include({ why: "pods on b could not be asked" });
  });

  it("are judged without facts about the server", () => {
    const { findings } = judgeClusterDns(answers({ a: "no name" }), undefined);
    expect(findings.get(12)).to.include({ state: "unknown" });
  });
});
