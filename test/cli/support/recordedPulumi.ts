import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A program named `pulumi` that records its arguments and answers from a shell script. */
export class RecordedPulumi {
  readonly directory = mkdtempSync(join(tmpdir(), "provenet-pulumi-"));

  /** @param cases branches of a shell `case` on all arguments */
  constructor(cases = "") {
    const program = join(this.directory, "pulumi");
    const script = [
      "#!/bin/sh",
      `echo "$*" >>${this.#log}`,
      'case "$*" in',
      "version*) echo v3.230.0 ;;",
      cases,
      "esac",
    ];
    writeFileSync(this.#log, "");
    writeFileSync(program, `${script.join("\n")}\n`);
    chmodSync(program, 0o755);
  }

  get #log(): string {
    return join(this.directory, "log");
  }

  /** Variables that put this program first on PATH. */
  get variables(): Readonly<Record<string, string>> {
    return { PATH: `${this.directory}:${process.env.PATH ?? ""}` };
  }

  /** The arguments of every run. */
  runs(): string[] {
    return readFileSync(this.#log, "utf8").split("\n").slice(0, -1);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
