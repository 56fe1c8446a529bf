/** Text of whoever as one line that a terminal can show. */
export function oneLine(text: string, most = 300): string {
  const line = text
    .slice(0, 2 * most)
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most)} ...` : line;
}
