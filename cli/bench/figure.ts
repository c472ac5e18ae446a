/** One line of the report: what was measured, the figure in words, and for programs. */
export interface Figure {
  readonly name: string;
  readonly text: string;
  readonly seconds?: Readonly<Record<string, number>>;
}
