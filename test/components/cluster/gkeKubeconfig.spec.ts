import { expect } from "chai";
import { parse } from "yaml";

import { kubeconfigFor } from "../../../components/cluster/gke/kubeconfig.ts";

describe("the text of a kubeconfig for Google Cloud", () => {
  it("holds no credential: a plugin signs in", () => {
    const text = kubeconfigFor({ name: "a", host: "203.0.113.9", certificateAuthority: "Q0E=" });
    expect(parse(text)).to.have.nested.property(
      "users[0].user.exec.command",
      "gke-gcloud-auth-plugin",
    );
    expect(text).not.to.match(/token|password|client-key|client-certificate/);
  });
});
