/**
 * Manages one route. The request comes as JSON in $PROVENET_ROUTE, the record of the last run in
 * $PULUMI_COMMAND_STDOUT, so that no value gets into a shell line.
 *
 * `add` adds the route, `update` changes it, and both print the new record. `remove` removes it if
 * the record says that this program added it.
 */
import { runCommand } from "../runCommand.ts";
import { addRoute, changeRoute, removeRoute } from "./apply.ts";
import { parseRecord, parseRequest, routeRequestVariable } from "./request.ts";

const { [routeRequestVariable]: asked, PULUMI_COMMAND_STDOUT: last } = process.env;

await runCommand(process.argv[2], {
  add: async () => JSON.stringify(await addRoute(parseRequest(asked))),
  update: async () => JSON.stringify(await changeRoute(parseRecord(last), parseRequest(asked))),
  remove: async () => {
    await removeRoute(parseRecord(last));
    return JSON.stringify({ schemaVersion: 1, added: false });
  },
});
