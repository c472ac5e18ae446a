/** A problem of the machine or of what was asked, told in one message with its remedy, without a stack. */
export class LabFault extends Error {
  override readonly name = "LabFault";
}
