/** `wait` prints the state of the Calico that somebody else installed, once it is ready. */
import type { z } from "zod";

import { openApi } from "../../kube/api.ts";
import { runCommand } from "../runCommand.ts";
import { type calicoStateSchema, kubeconfigVariable } from "./request.ts";
import { waitForCalico } from "./wait.ts";

await runCommand(process.argv[2], {
  wait: async () => {
    const api = openApi(process.env[kubeconfigVariable] ?? "");
    const state = await waitForCalico(api, { deadlineSeconds: 900, pauseSeconds: 5 });
    return JSON.stringify({ schemaVersion: 1, ...state } satisfies z.input<
      typeof calicoStateSchema
    >);
  },
});
