/** One line of the report. */
export interface Figure {
  readonly name: string;
  /** The result in words, with its ratios. */
  readonly text: string;
  /** Seconds behind the text, for programs. They depend on the machine, the ratios do not. */
  readonly seconds?: Readonly<Record<string, number>>;
}
