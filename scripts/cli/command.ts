// What every command has in common: no value may be empty, and nothing that it reads is replaced by what it writes.
import { createRequire } from 'node:module';
import { Command, type Option, type ParseOptions } from 'commander';
import type { Named, Place } from './outputs';

/** The values of all options and arguments, by their names. */
type Values = Record<string, unknown>;

/** The places that a value of an option or argument names, with those that follow from it, such as a lock file. */
type Places = (value: string, values: Values) => Place[];

/** All that a command reads or writes, by the names of the options and arguments. */
type Table = Record<string, Places>;

/** A command of this project. Its `parse` is also the check of all its files, so it comes before any work. */
export class Script extends Command {
  /** What it reads and writes; an option or argument that names a file must stand in one of them. */
  readonly files: { reads: Table; writes: Table } = { reads: {}, writes: {} };

  constructor(name: string) {
    super(name);
    this.showHelpAfterError('(--help shows all options)');
  }

  reads(table: Table): this {
    Object.assign(this.files.reads, table);
    return this;
  }

  writes(table: Table): this {
    Object.assign(this.files.writes, table);
    return this;
  }

  override addOption(option: Option): this {
    this.on(`option:${option.name()}`, (value: string | null) => {
      if (value === '') this.error(`error: option '${option.flags}' argument is empty`);
    });
    return super.addOption(option);
  }

  override parse(argv?: readonly string[], options?: ParseOptions): this {
    super.parse(argv, options);
    const empty = this.args.indexOf('');
    if (empty >= 0) {
      const name = this.registeredArguments[Math.min(empty, this.registeredArguments.length - 1)]?.name();
      this.error(`error: argument '${name}' is empty`);
    }
    const written = this.places('writes');
    if (written.length > 0) {
      // Loaded only here: `npm test` begins where the library is not compiled yet.
      const { checkFiles } = createRequire(__filename)('./outputs') as typeof import('./outputs');
      checkFiles(this.places('reads'), written);
    }
    return this;
  }

  /** All places that the values name. */
  places(use: 'reads' | 'writes'): Named[] {
    const given = this.registeredArguments.map((argument, i) => [argument.name(), this.processedArgs[i]] as const);
    const values: Values = { ...Object.fromEntries(given), ...this.opts() };
    return Object.entries(this.files[use]).flatMap(([name, places]) => {
      const option = this.options.find((own) => own.attributeName() === name)?.long ?? `<${name}>`;
      return [values[name] ?? []]
        .flat()
        .flatMap((value) => places(value as string, values).map((place) => ({ ...place, option })));
    });
  }
}
