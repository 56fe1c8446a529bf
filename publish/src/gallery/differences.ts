// Where two charts differ, as lines for people.

/** A value in a few characters. */
function brief(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isRow = (value: unknown): value is unknown[] => Array.isArray(value) && !value.some(isObject);

/**
 * The places where two pieces of JSON differ, a line each: `layout.title.text: "Down" → "Up"`. A row of numbers or texts
 * is one place. The order of keys says nothing.
 */
export function differences(before: unknown, after: unknown, path = ''): string[] {
  if (isRow(before) && isRow(after)) {
    const moved = Array.from({ length: Math.max(before.length, after.length) }, (_, i) => i).filter(
      (i) => before[i] !== after[i],
    );
    const [first] = moved;
    if (first === undefined) return [];
    const change = `[${first}] ${brief(before[first])} → ${brief(after[first])}`;
    if (before.length !== after.length) return [`${path}: ${before.length} → ${after.length} values, first ${change}`];
    return [`${path}: ${moved.length} of ${before.length} values, first ${change}`];
  }
  if (!isObject(before) || !isObject(after)) {
    return before === after ? [] : [`${path}: ${brief(before)} → ${brief(after)}`];
  }
  const below = (key: string): string => (Array.isArray(before) ? `${path}[${key}]` : path ? `${path}.${key}` : key);
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differences(before[key], after[key], below(key)),
  );
}
