// The library's source in this process, which takes in what is saved without starting anew.
import { createRequire } from 'node:module';
import { join, relative, sep } from 'node:path';

export type Library = typeof import('descent-lab') & typeof import('descent-lab/internal') & Record<string, unknown>;

const require = createRequire(__filename);

/** Loads lib/src of a project, and loads again what a change touches. */
export class LiveLibrary {
  /** What it exports now. */
  names!: Library;
  private readonly sources: string;
  /** Files that were saved since it was loaded last. */
  private readonly pending = new Set<string>();

  constructor(private readonly root: string) {
    this.sources = join(root, 'lib', 'src') + sep;
  }

  /** Loads what is not loaded. Throws where the source has an error; all is as before then. */
  load(): void {
    const doors = ['index.ts', 'internal.ts'].map((door) => require(join(this.sources, door)) as Library);
    this.names = Object.assign({}, ...doors) as Library;
  }

  /** The file that defines a name, as a path from the project's folder. */
  sourceOf(name: string): string | undefined {
    const [module] = this.definersOf(name);
    return module && relative(this.root, module.filename).replaceAll(sep, '/');
  }

  /**
   * Takes saved files in, for code that imports these names. Throws where the source has an error; they are taken in with
   * the next that are saved.
   *
   * @returns whether the code may draw something else now, or nothing: `none`; `data` where its data may be others, and
   * then nothing is loaded
   */
  renew(files: string[], imports: string[]): 'none' | 'figures' | 'data' {
    files.forEach((file) => this.pending.add(file));
    const stale = this.outdated();
    if (this.usedBy(imports).some((module) => stale.has(module) && !this.draws(module))) return 'data';
    for (const { filename } of stale) delete require.cache[filename];
    try {
      this.load();
    } catch (error) {
      for (const module of stale) require.cache[module.filename] = module;
      throw error;
    }
    const isUsed = this.usedBy(imports).some(({ filename }) => this.pending.has(filename));
    this.pending.clear();
    return isUsed ? 'figures' : 'none';
  }

  private modules(): NodeJS.Module[] {
    return Object.values(require.cache).flatMap((module) => (module?.filename.startsWith(this.sources) ? module : []));
  }

  /** A module's path from the sources, in parts. */
  private parts({ filename }: NodeJS.Module): string[] {
    return relative(this.sources, filename).split(sep);
  }

  /** Whether nothing but doors, figures and the edge comes from a module: no data. */
  private draws(module: NodeJS.Module): boolean {
    return ['index.ts', 'internal.ts', 'figures', 'edge'].includes(this.parts(module)[0]!);
  }

  /** The modules that define what a name such as `fit` or `losses.line` means. */
  private definersOf(name: string): NodeJS.Module[] {
    const value = name.split('.').reduce<unknown>((part, key) => (part as Library | undefined)?.[key], this.names);
    if (value === undefined) return []; // a type, or nothing of the library
    return this.modules().filter((module) => {
      const exported = module.exports as object;
      const isDoor = ['index.ts', 'internal.ts'].includes(this.parts(module).at(-1)!);
      return exported === value || (!isDoor && Object.values(exported).includes(value));
    });
  }

  /** The modules that these names come from, with all that these import. */
  private usedBy(names: string[]): NodeJS.Module[] {
    const used = new Set(names.flatMap((name) => this.definersOf(name)));
    for (const module of used) module.children.forEach((child) => used.add(child)); // a set's loop meets what it adds
    return [...used];
  }

  /** The modules of the files that were saved, all that import them, and the doors. */
  private outdated(): Set<NodeJS.Module> {
    const modules = this.modules();
    const stale = new Set(
      modules.filter((own) => this.pending.has(own.filename) || (this.parts(own).length === 1 && this.draws(own))),
    );
    for (const module of stale) modules.filter((own) => own.children.includes(module)).forEach((own) => stale.add(own));
    return stale;
  }
}
