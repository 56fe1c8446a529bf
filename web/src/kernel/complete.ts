/** The most names that are worth showing. */
const MOST = 500;

/**
 * What may follow a text that ends in a chain of names, such as `figures.li`: the properties of what runs under that
 * name. Nothing is called; a getter on the way is read.
 *
 * @param lookUp what a name of the cells, or a global one, holds
 * @param names all names of the cells
 */
export function namesAfter(text: string, lookUp: (name: string) => unknown, names: () => string[]): string[] {
  const chain = /((?:[\p{L}_$][\p{L}\p{N}_$]*\??\.)*)([\p{L}_$]?[\p{L}\p{N}_$]*)$/u.exec(text)!;
  const [owners, begin] = [chain[1]!.split(/\??\./).slice(0, -1), chain[2]!];
  const found = owners.length === 0 ? names() : propertiesOf(owners, lookUp);
  return [...new Set(found)]
    .filter((name) => name.startsWith(begin) && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name))
    .sort()
    .slice(0, MOST);
}

function propertiesOf([first, ...rest]: string[], lookUp: (name: string) => unknown): string[] {
  try {
    const owner = rest.reduce((value: unknown, name) => (value as Record<string, unknown>)[name], lookUp(first!));
    const names: string[] = [];
    for (let object: unknown = owner; object != null && object !== Object.prototype;) {
      names.push(...Object.getOwnPropertyNames(object));
      object = Object.getPrototypeOf(object);
    }
    return names;
  } catch {
    return []; // a name that nobody has, or a getter that fails
  }
}
