// What stands in for node:buffer. The slash tells bundlers that the package is meant, and not Node's module.
import { Buffer } from 'buffer/';

/** Whether bytes are text in UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
export { Buffer };
export default { Buffer, isUtf8 };
