/**
 * Keeps one route. The request comes as JSON in $PROVENET_ROUTE, the record of the last run in
 * $PULUMI_COMMAND_STDOUT, so that nothing is spliced into a shell line.
 *
 * `add` puts the route there, `update` changes it, both print the new record; `remove` takes away
 * what the record says was added.
 */
import { runCommand } from "../runCommand.ts";
import { addRoute, changeRoute, removeRoute } from "./apply.ts";
import { parseRecord, parseRequest } from "./request.ts";

const { PROVENET_ROUTE: asked, PULUMI_COMMAND_STDOUT: last } = process.env;

await runCommand(process.argv[2], {
  add: async () => JSON.stringify(await addRoute(parseRequest(asked))),
  update: async () => JSON.stringify(await changeRoute(parseRecord(last), parseRequest(asked))),
  remove: async () => {
    await removeRoute(parseRecord(last));
    return JSON.stringify({ schemaVersion: 1, added: false });
  },
});
