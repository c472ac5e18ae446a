/** `node probe/main.ts`: the probe as a program. See `--help`, and docs/verdict.md for its JSON. */
import { enableCompileCache } from "node:module";

// Before the rest is loaded, so that the rest comes from the cache.
enableCompileCache();
// A fault of the probe's own is no verdict: 1 would say that the path is broken.
process.on("uncaughtException", (error) => {
  console.error(error);
  process.exit(3);
});
const { runProbe } = await import("./commandLine.ts");
process.exitCode = await runProbe(process.argv.slice(2), {
  stdin: process.stdin,
  environment: process.env,
  write: (text) => process.stdout.write(text),
  complain: (text) => process.stderr.write(text),
});
