/** The policy pack. The engine starts it through the language host, in this folder. */
import { PolicyPack } from "@pulumi/policy";

import { rememberingInputs } from "./sdk/inputs.ts";
import { rules } from "./rules/all.ts";
import { watchSecrets } from "./sdk/secrecy.ts";

watchSecrets();

new PolicyPack("provenet", {
  displayName: "provenet",
  description: "What a network on Kubernetes must hold so that its addresses answer.",
  enforcementLevel: "mandatory",
  provider: "kubernetes",
  tags: ["kubernetes", "network"],
  policies: rememberingInputs(rules),
});
