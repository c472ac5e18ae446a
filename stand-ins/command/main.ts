/**
 * Stand-in for `pulumi-resource-command` 1.2.1.
 *
 * It runs `local.Command` and `local.run`. Ids, diffs, `triggers`, state and secrets are those of the official
 * plugin, and either plugin continues with the other's state. README.md lists what is refused and what differs.
 */
import { serveResourcePlugin } from "../kit/resourcePlugin.ts";
import { standInVersions } from "../versions.ts";
import { CommandProvider } from "./provider.ts";
import { endCommands } from "./shell.ts";

serveResourcePlugin(new CommandProvider(standInVersions.command), endCommands);
