/** The probe as a program. See `--help`, and docs/verdict.md for its JSON. */
import { enableCompileCache } from "node:module";

// Before the other imports, so that they are cached.
enableCompileCache();
// A bug is not a verdict. Exit code 1 would report a broken path.
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
