// A reader's edits, kept in this browser until they are put back.

/** An edit: what was written, and what stood there before. */
interface Edit {
  original: string;
  text: string;
}

/** The edits of one page. Where a browser keeps nothing, they last as long as the page does. */
export class Edits {
  private readonly key = `descent-lab:${location.pathname}`;
  private readonly edits = new Map<string, Edit>(this.read());

  /** What was written in place of a source; undefined where nothing was, or the source has changed since. */
  of(cell: string, original: string): string | undefined {
    const edit = this.edits.get(cell);
    return edit?.original === original ? edit.text : undefined;
  }

  put(cell: string, original: string, text: string): void {
    if (text === original) this.edits.delete(cell);
    else this.edits.set(cell, { original, text });
    this.write();
  }

  private read(): [string, Edit][] {
    try {
      return Object.entries(JSON.parse(localStorage.getItem(this.key) ?? '{}') as Record<string, Edit>);
    } catch {
      return [];
    }
  }

  private write(): void {
    try {
      if (this.edits.size === 0) localStorage.removeItem(this.key);
      else localStorage.setItem(this.key, JSON.stringify(Object.fromEntries(this.edits)));
    } catch {
      // full, or forbidden
    }
  }
}
