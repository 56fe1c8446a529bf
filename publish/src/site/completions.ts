// What an editor may complete: the library's public names and TensorFlow's, as TypeScript reads them from the library's types.
import { join } from 'node:path';
import ts from 'typescript';

/** One name that an editor offers. */
export interface Completion {
  name: string;
  kind: 'class' | 'function' | 'namespace' | 'type' | 'variable';
  /** What it takes and gives, in one line: `(loss: Loss, rate?: number) => Run`. Empty for a namespace. */
  signature: string;
  /** The first sentence of its doc comment. */
  text: string;
}

/** The names by what stands before their dot: `` for those of the library's door, `losses`, `tf`, `tf.train`. */
export type Completions = Record<string, Completion[]>;

/** A longer signature tells nobody anything. Characters. */
const LONGEST = 160;

/** Namespaces of TensorFlow.js that are there for its own backends. */
const INWARD = /_util$|^(ENV|io|kernel_impls|shared|webgl|version)$/;

const has = ({ flags }: ts.Symbol, kind: ts.SymbolFlags): boolean => (flags & kind) !== 0;

/** The first sentence of a text in Markdown, without its marks. */
function firstSentence(text: string): string {
  const [paragraph] = text.trim().split(/\n\s*\n|\n```/);
  const plain = paragraph!.replace(/\s+/g, ' ').replace(/`|\{@link\s+([^}]*)\}/g, '$1');
  return /^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
}

/** Reads what the file `types` exports, and what is in the namespaces among it. */
export function readCompletions(types: string): Completions {
  const program = ts.createProgram([types], {
    module: ts.ModuleKind.Node20,
    target: ts.ScriptTarget.ES2022,
    types: [],
    skipLibCheck: true,
  });
  const checker = program.getTypeChecker();
  const door = program.getSourceFile(types);
  const found: Completions = {};

  function kindOf(symbol: ts.Symbol): Exclude<Completion['kind'], 'namespace'> {
    if (has(symbol, ts.SymbolFlags.Class)) return 'class';
    if (!has(symbol, ts.SymbolFlags.Value)) return 'type';
    return checker.getTypeOfSymbol(symbol).getCallSignatures().length > 0 ? 'function' : 'variable';
  }

  function signatureOf(symbol: ts.Symbol, kind: Completion['kind']): string {
    if (kind === 'namespace' || kind === 'class') return '';
    const type = kind === 'type' ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol);
    const [first] = kind === 'function' ? type.getCallSignatures() : [];
    const { InTypeAlias, NoTruncation, UseAliasDefinedOutsideCurrentScope } = ts.TypeFormatFlags;
    const flags = InTypeAlias | NoTruncation | UseAliasDefinedOutsideCurrentScope;
    const whole = first ? checker.signatureToString(first, door, flags) : checker.typeToString(type, door, flags);
    const text = whole.replace(/\bimport\("[^"]*"\)\.?/g, ''); // from which file a type comes
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  }

  /** A doc comment stands at the export, at what is exported, or at the function that a constant is another name of. */
  function textOf(exported: ts.Symbol, symbol: ts.Symbol, kind: Completion['kind']): string {
    const places = [exported, symbol, kind === 'function' ? checker.getTypeOfSymbol(symbol).symbol : undefined];
    const comments = places.map((place) => ts.displayPartsToString(place?.getDocumentationComment(checker)));
    return firstSentence(comments.find((comment) => comment !== '') ?? '');
  }

  /** What stands behind the dot of a namespace, or of an object that serves as one, such as `tf.train`. */
  function partsOf(symbol: ts.Symbol): ts.Symbol[] {
    if (has(symbol, ts.SymbolFlags.ValueModule)) return checker.getExportsOfModule(symbol);
    if (!has(symbol, ts.SymbolFlags.Variable)) return [];
    const type = checker.getTypeOfSymbol(symbol);
    const own = ts.SymbolFlags.TypeLiteral | ts.SymbolFlags.ObjectLiteral | ts.SymbolFlags.Class;
    const isOwn = type.symbol && has(type.symbol, own) && type.getCallSignatures().length === 0;
    return isOwn ? type.getProperties() : [];
  }

  /** Whether a name is for readers, who call no kernel. */
  const isOffered = (name: string, { declarations = [] }: ts.Symbol): boolean =>
    /^(?!(default|prototype)$)[a-z]\w*$/i.test(name) &&
    !INWARD.test(name) &&
    !declarations.some((place) => /\/kernel_(names|registry)\.d\.ts$/.test(place.getSourceFile().fileName));

  function read(owner: string, symbols: ts.Symbol[], depth: number): void {
    const completions = symbols.flatMap((exported): Completion[] => {
      const symbol = has(exported, ts.SymbolFlags.Alias) ? checker.getAliasedSymbol(exported) : exported;
      const { name } = exported;
      if (!isOffered(name, symbol)) return [];
      const parts = partsOf(symbol);
      const kind = parts.length > 0 ? 'namespace' : kindOf(symbol);
      if (depth > 0 && parts.length > 0) read(owner === '' ? name : `${owner}.${name}`, parts, depth - 1);
      return [{ name, kind, signature: signatureOf(symbol, kind), text: textOf(exported, symbol, kind) }];
    });
    if (completions.length > 0) found[owner] = completions.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  const module = door && checker.getSymbolAtLocation(door);
  if (!module) throw new Error(`${types} exports nothing: npm run build makes it`);
  read('', checker.getExportsOfModule(module), 2);
  return found;
}

/** The names as a script, which a page that was opened from the disk can load. */
export const completionsScript = (root: string): string =>
  `window.libraryNames = ${JSON.stringify(readCompletions(join(root, 'lib', 'dist', 'index.d.ts')))};\n`;
