/**
 * Trouble that the person at the terminal can fix: the message is the one line they see, so it says what is wrong and
 * what to do. Anything else that is thrown is a defect and keeps its stack trace.
 */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}
