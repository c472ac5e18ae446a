/**
 * Stand-in for `pulumi-language-nodejs`.
 *
 * Why: the official host comes as a binary download only; no package registry has a version that fits.
 *
 * What it does: runs Node programs and Node policy packs by the runners of the SDK that they use, on the Node
 * that it runs on itself, and tells the engine which resource plugins the installed packages want.
 *
 * What it does not do, and refuses: installing dependencies, generating code, packing, linking, and plugins in
 * Node other than policy packs. Of the plugins it tells only those that are installed.
 */
import { engineAddress, serve } from "../kit/plugin.ts";
import { killAll } from "./children.ts";
import { registerLanguageHost } from "./service.ts";

const engine = engineAddress();
serve((server) => {
  registerLanguageHost(server, engine);
}, killAll);
