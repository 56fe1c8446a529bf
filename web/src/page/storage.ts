// What a reader writes, kept in this browser until it is put back.

/** An edit: what was written, and what stood there before. */
export interface Edit {
  original: string;
  text: string;
}

/** What was kept under a key. Undefined where nothing was, or where a browser keeps nothing. */
export function kept(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(`descent-lab:${key}`) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps something under a key; undefined forgets it. Where a browser keeps nothing, it lasts as long as the page does. */
export function keep(key: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`descent-lab:${key}`);
    else localStorage.setItem(`descent-lab:${key}`, JSON.stringify(value));
  } catch {
    // full, or forbidden
  }
}

/** The edits of one page. */
export class Edits {
  private readonly edits = new Map(Object.entries((kept(location.pathname) ?? {}) as Record<string, Edit>));

  /** What was written in a cell, and in place of what: the notebook may have changed since. */
  of(cell: string): Edit | undefined {
    return this.edits.get(cell);
  }

  put(cell: string, original: string, text: string): void {
    if (text === original) this.edits.delete(cell);
    else this.edits.set(cell, { original, text });
    keep(location.pathname, this.edits.size > 0 ? Object.fromEntries(this.edits) : undefined);
  }
}
