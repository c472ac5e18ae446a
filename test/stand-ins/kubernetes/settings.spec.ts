import { expect } from "chai";

import { unknownMark } from "../../../stand-ins/kit/properties.ts";
import { clusterChange } from "../../../stand-ins/kubernetes/clusterChange.ts";
import { faultsInSettings, readSettings } from "../../../stand-ins/kubernetes/settings.ts";

describe("the provider's arguments", () => {
  it("are accepted when they are supported", () => {
    const settings = {
      kubeconfig: "k",
      enableServerSideApply: "true",
      upsertExistingObjects: "true",
      clusterIdentifier: "uid",
      version: "4.34.2",
    };
    expect(faultsInSettings(settings)).to.deep.equal([]);
    expect(readSettings(settings).upsertExistingObjects).to.equal(true);
    expect(readSettings(settings).enablePatchForce).to.equal(false);
  });

  it("are refused all at once when they are not supported", () => {
    const faults = faultsInSettings({
      renderYamlToDirectory: "out",
      helmReleaseSettings: "{}",
      enableServerSideApply: "false",
    });
    expect(faults.map(({ property }) => property)).to.deep.equal([
      "renderYamlToDirectory",
      "helmReleaseSettings",
      "enableServerSideApply",
    ]);
  });

  it("override the environment", () => {
    process.env.PULUMI_K8S_DELETE_UNREACHABLE = "true";
    try {
      expect(readSettings({}).deleteUnreachable).to.equal(true);
      expect(readSettings({ deleteUnreachable: "false" }).deleteUnreachable).to.equal(false);
    } finally {
      delete process.env.PULUMI_K8S_DELETE_UNREACHABLE;
    }
  });
});

describe("a changed provider", () => {
  const kubeconfig = (server: string, token = "t") =>
    JSON.stringify({
      "current-context": "x",
      contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
      clusters: [{ name: "c", cluster: { server } }],
      users: [{ name: "u", user: { token } }],
    });

  it("names the same cluster when only the credentials changed", () => {
    const olds = { kubeconfig: kubeconfig("https://a") };
    expect(clusterChange(olds, olds)).to.deep.equal({ changed: false, replaces: [] });
    const rotated = { kubeconfig: kubeconfig("https://a", "new") };
    expect(clusterChange(olds, rotated)).to.deep.equal({ changed: true, replaces: [] });
  });

  it("names another cluster when the server changed", () => {
    const found = clusterChange(
      { kubeconfig: kubeconfig("https://a") },
      { kubeconfig: kubeconfig("https://b") },
    );
    expect(found.replaces).to.deep.equal(["kubeconfig"]);
  });

  it("may name another cluster while its kubeconfig is unknown", () => {
    const olds = { kubeconfig: kubeconfig("https://a") };
    expect(clusterChange(olds, { kubeconfig: unknownMark }).replaces).to.deep.equal(["kubeconfig"]);
  });

  it("names the same cluster while the identifier is the same", () => {
    const olds = { kubeconfig: kubeconfig("https://a"), clusterIdentifier: "uid" };
    const moved = { kubeconfig: kubeconfig("https://b"), clusterIdentifier: "uid" };
    expect(clusterChange(olds, moved).replaces).to.deep.equal([]);
    const unknown = { kubeconfig: unknownMark, clusterIdentifier: "uid" };
    expect(clusterChange(olds, unknown).replaces).to.deep.equal([]);
    const other = { ...olds, clusterIdentifier: "other" };
    expect(clusterChange(olds, other).replaces).to.deep.equal(["clusterIdentifier"]);
  });
});
