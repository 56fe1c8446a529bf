/** A file's bytes, which come as they are or in base64: a page that was opened from the disk can load scripts alone. */
export const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content, 'base64') : content;
