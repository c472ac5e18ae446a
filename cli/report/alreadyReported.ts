/** Ends a command whose error another program has already printed. */
export class AlreadyReported extends Error {
  override readonly name = "AlreadyReported";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with ${exitCode}`);
    this.exitCode = exitCode;
  }
}
