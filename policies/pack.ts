/** The policy pack. The language host starts it in this folder. */
import "./sdk/shortcut.ts";

import { flushCompileCache } from "node:module";

import { PolicyPack } from "@pulumi/policy";

import { rules } from "./rules/all.ts";
import { rememberingInputs } from "./sdk/inputs.ts";
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

// The engine kills the pack, and Node writes its compile cache only on a normal exit.
flushCompileCache();
