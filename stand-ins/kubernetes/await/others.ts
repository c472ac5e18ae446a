import { asMap, asText, at, equal, type Properties } from "../../kit/values.ts";
import { isNotFound } from "../client.ts";
import { conditionOf } from "../objects.ts";
import { failed, ready, waiting, type RuleMaker, type View } from "./condition.ts";

function phaseOf(live: Properties): string {
  return asText(at(live, "status", "phase")) ?? "Pending";
}

const volumeRule: RuleMaker = () => (live) =>
  ["Available", "Bound"].includes(phaseOf(live))
    ? ready
    : waiting(`the volume is ${phaseOf(live)}`);

/** A claim of a WaitForFirstConsumer class stays pending until a pod uses it. */
const claimRule: RuleMaker = (view) => async (live) => {
  if (phaseOf(live) === "Bound") return ready;
  return (await bindsLate(live, view)) ? ready : waiting(`the claim is ${phaseOf(live)}`);
};

async function bindsLate(live: Properties, { api }: View): Promise<boolean> {
  const name = asText(at(live, "spec", "storageClassName"));
  if (name === undefined || name === "") return false;
  try {
    const path = `/apis/storage.k8s.io/v1/storageclasses/${encodeURIComponent(name)}`;
    const found = await api.request({ method: "GET", path });
    return found.volumeBindingMode === "WaitForFirstConsumer";
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

const quotaRule: RuleMaker = () => (live) =>
  equal(at(live, "spec", "hard"), at(live, "status", "hard"))
    ? ready
    : waiting("the quota is not in force yet");

const secretRule: RuleMaker = () => (live) =>
  live.type !== "kubernetes.io/service-account-token" || Object.keys(asMap(live.data)).length > 0
    ? ready
    : waiting("the token has not been written yet");

const crdRule: RuleMaker = () => (live) => {
  const names = conditionOf(live, "NamesAccepted");
  if (names?.status === "False") {
    return failed(`the CRD's names were refused: ${asText(names.message) ?? ""}`);
  }
  return conditionOf(live, "Established")?.status === "True"
    ? ready
    : waiting("the CRD is not established yet");
};

/** Rules for volumes, quotas, tokens and CRDs. */
export const otherRules: Readonly<Record<string, RuleMaker>> = {
  "/PersistentVolume": volumeRule,
  "/PersistentVolumeClaim": claimRule,
  "/ResourceQuota": quotaRule,
  "/Secret": secretRule,
  "apiextensions.k8s.io/CustomResourceDefinition": crdRule,
};
