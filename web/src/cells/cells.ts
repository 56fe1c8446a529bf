// Cells that run one after the other and share their names, as in the tslab kernel.
import type { Analysis, CellError } from '../protocol';
import { compileCell, namesOf, type CellFunction, type CompiledCell, type Imported } from './compile';
import { tell, type Noted, type RunCell } from './errors';
import type { Place } from './parse';
import type { ReadyCells } from './ready';

/** What cells need of the place where they run. */
export interface CellsOptions {
  /** A module as a cell imports it: its exports by name, `default` among them. */
  importModule: (name: string) => Promise<object>;
  /** Makes the function of its text. Default: `eval`, which a page's Content-Security-Policy may forbid. */
  evaluate?: (code: string) => CellFunction;
}

const byEval = (code: string): CellFunction => (0, eval)(code) as CellFunction;

/** Why a cell cannot run that is none of the ready ones. */
const FORBIDDEN =
  'the policy of this server forbids its pages to compile code, so cells run here only as they are in the notebook. ' +
  'Changed ones run in JupyterLab (Download as .ipynb), or in a copy of these pages on a disk';

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
  /** What ran, for the places of errors. */
  private readonly runs: RunCell[] = [];
  /** The lines that waited for what failed. */
  private readonly waited = new WeakMap<object, Noted>();
  /** What was thrown last, for what is no object, and where. */
  private last: (Noted & { value: unknown }) | undefined;
  private ready: ReadyCells | undefined;
  private readonly evaluate: (code: string) => CellFunction;

  constructor(private readonly options: CellsOptions) {
    this.evaluate = options.evaluate ?? byEval;
    Error.stackTraceLimit = 100; // an error deep in the library is told at the reader's line
  }

  /** Runs a cell; `cell` is its number on the page. Its value is that of its last expression. */
  async run(source: string, cell: number): Promise<{ value: unknown }> {
    const ran: RunCell = { cell, source, file: `cell-${cell}-${this.runs.length}.ts`, begins: 1 };
    this.runs.push(ran);
    this.last = undefined;
    const compiled = this.compile(ran);
    const run = this.functionOf(ran, compiled);
    const before = new Map(
      [...compiled.declares.keys()].map((name) => [name, Object.getOwnPropertyDescriptor(this.made, name)]),
    );
    const own: Parameters<CellFunction>[1] = (accessors) => {
      for (const [name, [get, set = refuse]] of Object.entries(accessors)) {
        Object.defineProperty(this.made, name, { get, set, enumerable: true, configurable: true });
      }
    };
    try {
      const result = await run(
        this.made,
        own,
        (name, wanted) => this.import(name, wanted),
        (line, value) => this.wait({ ran, line }, value),
        (line, value) => {
          this.last = { ran, line, value };
          return value;
        },
      );
      return { value: result?.[0] };
    } catch (error) {
      before.forEach((descriptor, name) => this.putBack(name, descriptor));
      throw error;
    }
  }

  /** Takes cells that are compiled already, where pages may not compile. */
  useReady(ready: ReadyCells): void {
    this.ready = ready;
  }

  /** What a cell makes and takes; undefined for one that is no TypeScript. */
  analyse(source: string): Analysis | undefined {
    try {
      const { declares, takes, assigns, takesLater } = namesOf(source);
      return { makes: [...new Set([...declares.keys(), ...assigns])], uses: [...takes], usesLater: [...takesLater] };
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

  private compile(ran: RunCell): CompiledCell {
    try {
      return compileCell(ran.source, (name) => name in globalThis && !this.has(name));
    } catch (error) {
      this.waited.set(error as object, { ran, line: 0 });
      throw error;
    }
  }

  /** Its function, and where that stands. */
  private functionOf(ran: RunCell, { code, placeOf }: CompiledCell): CellFunction {
    const ready = this.ready?.cells[ran.source];
    if (ready) {
      Object.assign(ran, { file: this.ready!.file, begins: ready.line, placeOf: ({ line }: Place) => ({ line }) });
      return ready.run;
    }
    ran.placeOf = placeOf;
    try {
      return this.evaluate(`${code}\n//# sourceURL=${ran.file}`);
    } catch (error) {
      if (!(error instanceof EvalError)) throw error;
      throw new Error(FORBIDDEN, { cause: error });
    }
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
  private wait(noted: Noted, value: unknown): unknown {
    if (typeof (value as PromiseLike<unknown> | undefined)?.then !== 'function') return value;
    return (value as PromiseLike<unknown>).then(undefined, (error: unknown) => {
      if (typeof error === 'object' && error !== null) {
        if (!this.waited.has(error)) this.waited.set(error, noted);
      } else if (this.last?.value !== error) this.last = { ...noted, value: error };
      throw error;
    });
  }
}
