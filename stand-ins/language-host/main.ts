/**
 * Stand-in for `pulumi-language-nodejs`.
 *
 * It runs Node programs and Node policy packs with the runners of their SDK, on its own version of Node. It also
 * lists the installed resource plugins that the npm packages require. README.md lists what is refused and what
 * differs.
 */
import { engineAddress, serve } from "../kit/plugin.ts";
import { killAll } from "./children.ts";
import { registerLanguageHost } from "./service.ts";

const engine = engineAddress();
serve((server) => {
  registerLanguageHost(server, engine);
}, killAll);
