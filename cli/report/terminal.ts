/** How output looks: colours, sizes and tables. */
import { styleText } from "node:util";

/** Whether a stream shows colours: a terminal that has them, without `NO_COLOR`. */
export function coloured(stream: Pick<NodeJS.WriteStream, "isTTY" | "hasColors">): boolean {
  return stream.isTTY && stream.hasColors();
}

/** Formats text, or leaves it as it is. */
export function paint(text: string, format: Parameters<typeof styleText>[0], on: boolean): string {
  return on ? styleText(format, text, { validateStream: false }) : text;
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
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  return lines.map((cells) => `${cells.join("  ").trimEnd()}\n`).join("");
}
