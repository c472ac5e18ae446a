/** How output looks: colours only where somebody sees them, times in words. */

/** Whether the stream may carry colours: a terminal, and `NO_COLOR` is not set. */
export function coloured(
  stream: { readonly isTTY?: boolean },
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const refused = environment.NO_COLOR;
  return stream.isTTY === true && (refused === undefined || refused === "");
}

const codes = { green: 32, red: 31, yellow: 33, dim: 2, bold: 1 } as const;

/** Paints text, or leaves it as it is. */
export function paint(text: string, colour: keyof typeof codes, on: boolean): string {
  return on ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
}

/** `850 MB`, `17.5 GB`. */
export function formatMegabytes(megabytes: number): string {
  return megabytes < 1000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1000).toFixed(1)} GB`;
}

/** Rows as a table: columns padded to the widest cell, two spaces between, no trailing spaces. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}
