// Cells that run one after the other and share their names, as in the tslab kernel.
import type { Analysis, CellError } from '../protocol';
import { compileCell, namesOf, type CellFunction, type CompiledCell, type Imported } from './compile';
import { tell, type RunCell } from './errors';

/** What cells need of the place where they run. */
export interface CellsOptions {
  /** A module as a cell imports it: its exports by name, `default` among them. */
  importModule: (name: string) => Promise<object>;
  /** Makes the function of its text. Default: `eval`, which a page's Content-Security-Policy may forbid. */
  evaluate?: (code: string) => CellFunction;
}

/** Where the text of a run counts from: a name for its place in stacks. */
const fileOf = (cell: number, run: number): string => `cell-${cell}-${run}.ts`;

const byEval = (code: string): CellFunction => (0, eval)(code) as CellFunction;

/** What no cell has made: names of the place where cells run, and such as nobody has. */
const outside = new Proxy(Object.create(null) as object, {
  has: (_, name) => name in globalThis,
  get: (_, name) => (name in globalThis ? (Reflect.get(globalThis, name) as unknown) : nowhere(name)),
  set: (_, name, value) => (name in globalThis ? Reflect.set(globalThis, name, value) : nowhere(name)),
});

function nowhere(name: string | symbol): never {
  throw new ReferenceError(`${String(name)} is not defined`);
}

function refuse(): never {
  throw new TypeError('Assignment to constant variable.');
}

/** The cells of one notebook. */
export class Cells {
  /** All that cells have made so far, the last one of each name. */
  private readonly made = Object.create(outside) as Record<string, unknown>;
  /** What ran, for the places of errors, by the name of its file. */
  private readonly runs = new Map<string, RunCell>();
  /** The lines that waited for what failed. */
  private readonly waited = new WeakMap<object, { file: string; line: number }>();
  /** What was thrown last, for what is no object, and where. */
  private last: { value: unknown; file: string; line: number } | undefined;
  private readonly evaluate: (code: string) => CellFunction;

  constructor(private readonly options: CellsOptions) {
    this.evaluate = options.evaluate ?? byEval;
    Error.stackTraceLimit = 100; // an error deep in the library is told at the reader's line
  }

  /** Runs a cell; `cell` is its number on the page. Its value is that of its last expression. */
  async run(source: string, cell: number): Promise<{ value: unknown }> {
    const file = fileOf(cell, this.runs.size);
    const ran: RunCell = { cell, source };
    this.runs.set(file, ran);
    let compiled: CompiledCell;
    try {
      compiled = compileCell(source, (name) => name in globalThis && !this.has(name));
    } catch (error) {
      this.waited.set(error as object, { file, line: 0 });
      throw error;
    }
    ran.placeOf = compiled.placeOf;
    const before = new Map(
      [...compiled.declares.keys()].map((name) => [name, Object.getOwnPropertyDescriptor(this.made, name)]),
    );
    const own: Parameters<CellFunction>[1] = (accessors) => {
      for (const [name, [get, set = refuse]] of Object.entries(accessors)) {
        Object.defineProperty(this.made, name, { get, set, enumerable: true, configurable: true });
      }
    };
    try {
      const run = this.evaluate(`${compiled.code}\n//# sourceURL=${file}`);
      const result = await run(
        this.made,
        own,
        (name, wanted) => this.import(name, wanted),
        (line, value) => this.wait(file, line, value),
        (line, value) => {
          this.last = { value, file, line };
          return value;
        },
      );
      return { value: result?.value };
    } catch (error) {
      before.forEach((descriptor, name) => this.putBack(name, descriptor));
      throw error;
    }
  }

  /** What a cell makes and takes; undefined for one that is no TypeScript. */
  analyse(source: string): Analysis | undefined {
    try {
      const { declares, takes, assigns } = namesOf(source);
      return { makes: [...new Set([...declares.keys(), ...assigns])], uses: [...takes] };
    } catch {
      return undefined;
    }
  }

  /** The names that cells have made. */
  names(): string[] {
    return Object.keys(this.made);
  }

  /** What a name holds, of the cells or a global one. */
  lookUp(name: string): unknown {
    return this.has(name) ? this.made[name] : (globalThis as Record<string, unknown>)[name];
  }

  /** An error as a reader is told it. */
  describe(error: unknown): CellError {
    const noted = typeof error === 'object' && error !== null ? this.waited.get(error) : undefined;
    const thrown = this.last?.value === error ? this.last : undefined;
    return tell(error, this.runs, noted ?? thrown);
  }

  /** A name that a failed cell has not got to holds what it held before. */
  private putBack(name: string, before: PropertyDescriptor | undefined): void {
    try {
      void this.made[name];
    } catch {
      if (before) Object.defineProperty(this.made, name, before);
      else delete this.made[name];
    }
  }

  private has(name: string): boolean {
    return Object.hasOwn(this.made, name);
  }

  /** What a module lacks counts only where it is used, since it may be a type. */
  private async import(name: string, wanted: Imported[] = []): Promise<Record<string, unknown>> {
    const module = (await this.options.importModule(name)) as Record<string, unknown>;
    for (const [exported, local, isUsed] of wanted) {
      if (exported in module) continue;
      const get = (): never => {
        throw new SyntaxError(`'${name}' has no export '${exported}'`);
      };
      if (isUsed) get();
      Object.defineProperty(this.made, local, { get, set: refuse, enumerable: true, configurable: true });
    }
    return module;
  }

  /** Notes the line of a promise that fails: the innermost one counts. */
  private wait(file: string, line: number, value: unknown): unknown {
    if (typeof (value as PromiseLike<unknown> | undefined)?.then !== 'function') return value;
    return (value as PromiseLike<unknown>).then(undefined, (error: unknown) => {
      if (typeof error === 'object' && error !== null && !this.waited.has(error))
        this.waited.set(error, { file, line });
      throw error;
    });
  }
}
