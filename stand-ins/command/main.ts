/**
 * Stand-in for `pulumi-resource-command` 1.2.1.
 *
 * Why: the official plugin comes as a binary download only; no package registry has it.
 *
 * What it does: `local.Command` and `local.run`, with the same ids, diffs, replacements (`triggers`), state
 * and secrecy, so that either plugin goes on with the other's state.
 *
 * What it does not do, and refuses: `remote.*`, `assetPaths`, `archivePaths`, Windows. It differs in one thing:
 * a cancelled command gets SIGTERM, with all its children, and SIGKILL five seconds later; the official plugin
 * kills the first process at once and leaves its children.
 */
import { serveResourcePlugin } from "../kit/resourcePlugin.ts";
import { standInVersions } from "../versions.ts";
import { CommandProvider } from "./provider.ts";
import { endCommands } from "./shell.ts";

serveResourcePlugin(new CommandProvider(standInVersions.command), endCommands);
