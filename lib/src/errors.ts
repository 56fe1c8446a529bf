/**
 * An error whose message is written for the reader: it names the thing that is wrong and says what to do.
 * Scripts print the message alone; any other error is a defect of ours and keeps its stack.
 */
export class DescentError extends Error {
  /** Tells it apart from other errors in a log. */
  override name = 'DescentError';
}
