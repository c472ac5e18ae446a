/** `node probe/main.ts`: the probe as a program. See `--help`, and docs/verdict.md for its JSON. */
import { enableCompileCache } from "node:module";

// Before the rest is loaded, so that the rest comes from the cache.
enableCompileCache();
const { runProbe } = await import("./commandLine.ts");
process.exitCode = await runProbe(process.argv.slice(2), {
  stdin: process.stdin,
  environment: process.env,
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
