/** The policy pack. The engine starts it through the language host, in this folder. */
import { PolicyPack } from "@pulumi/policy";

import { rememberingInputs } from "./inputs.ts";
import { rules } from "./rules.ts";
import { watchSecrets } from "./secrecy.ts";

watchSecrets();

new PolicyPack("provenet", {
  displayName: "provenet",
  description: "What a network on Kubernetes must hold so that its addresses answer.",
  enforcementLevel: "mandatory",
  provider: "kubernetes",
  tags: ["kubernetes", "network"],
  policies: rememberingInputs(rules),
});
