// A notebook's code cells as one program, in which each `display(x)`, and each `interact(controls, draw)`, hands over how
// its figure is made: it can be made again.
import ts from 'typescript';
import { libraryNames } from '../notebooks/library-names';
import { codeCells, textOf, type Notebook } from '../notebooks/notebook';

/** One `display` or `interact` in a notebook's code, and where what it shows comes from. */
export interface Site {
  /** The number of its cell as JupyterLab shows it. */
  cell: number;
  /** What makes the figure: the name of a function. */
  maker: string;
  /** The call itself. */
  call: string;
  /** The statements that its data come from, in order, each after the number of its cell. */
  origin: string;
  /** The files that these statements name, as paths from the project's folder. */
  files: string[];
}

/** What a recorder runs. */
export interface Program {
  /** The body of an async function of `require`, `exports`, `console` and `enter`, which is told each cell's number. */
  code: string;
  sites: Site[];
  /** What it uses of the library, `display` and `interact` apart: `descend`, `figures.lossChart`. */
  imports: string[];
}

/** A statement at the top of a cell, by the names in it. */
interface Statement {
  cell: number;
  text: string;
  declares: Set<string>;
  /** What it alters without declaring it: by an assignment, `push` or `assign`. */
  alters: Set<string>;
  mentions: Set<string>;
}

/** Calls `visit` for a node and all that is in it. */
function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** The variable that an expression such as `a.b[0]` begins with. */
const rootOf = (node: ts.Node): string | undefined =>
  ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)
    ? rootOf(node.expression)
    : ts.isIdentifier(node)
      ? node.text
      : undefined;

/** Whether an identifier is the name of a property, and no variable. */
const isProperty = (node: ts.Identifier, { parent } = node): boolean =>
  ((ts.isPropertyAccessExpression(parent) || ts.isPropertyAssignment(parent)) && parent.name === node) ||
  (ts.isBindingElement(parent) && parent.propertyName === node);

/** The variables among the names in a node. */
function variablesIn(node: ts.Node): string[] {
  const names: string[] = [];
  walk(node, (part) => ts.isIdentifier(part) && !isProperty(part) && names.push(part.text));
  return names;
}

/** What an assignment, a `push` or an `assign` alters. */
function alteredBy(node: ts.Node): string | undefined {
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) return rootOf(node.left);
  if (ts.isCallExpression(node) && /\.(push|assign)$/.test(node.expression.getText())) return rootOf(node.expression);
  return undefined;
}

function analyse(cell: number, statement: ts.Statement): Statement {
  const names = ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.map(({ name }) => name)
    : [(statement as ts.DeclarationStatement).name ?? []].flat();
  const mentions = new Set(variablesIn(statement));
  const alters = new Set<string>();
  walk(statement, (node) => {
    if (ts.isParameter(node)) variablesIn(node.name).forEach((own) => mentions.delete(own));
    alters.add(alteredBy(node) ?? '');
  });
  return { cell, text: statement.getText(), declares: new Set(names.flatMap(variablesIn)), alters, mentions };
}

/** The statements before the last one that what it mentions comes from. */
function originOf(statements: Statement[]): Statement[] {
  const needed = new Set(statements.at(-1)!.mentions);
  const gives = ({ declares, alters }: Statement): boolean => [...declares, ...alters].some((name) => needed.has(name));
  return statements
    .slice(0, -1)
    .reverse()
    .filter((statement) => {
      if (!gives(statement)) return false;
      statement.mentions.forEach((name) => needed.add(name));
      return true;
    })
    .reverse();
}

function siteOf(call: string, statements: Statement[]): Site {
  const origin = originOf(statements);
  const { cell, text } = statements.at(-1)!;
  const files = [...origin.map((statement) => statement.text), text]
    .join('\n')
    .matchAll(/\.\.\/((?:data|models)\/[\w./-]*\w)/g);
  return {
    cell,
    maker: /^(?:await\s+)?([\w.]+)\(/.exec(call)?.[1] ?? /\bfigures\.\w+/.exec(call)?.[0] ?? 'an expression',
    call,
    origin: origin
      .map((own, i) => (own.cell === origin[i - 1]?.cell ? own.text : `// [${own.cell}]\n${own.text}`))
      .join('\n'),
    files: [...new Set(Array.from(files, ([, file]) => file!))],
  };
}

/** Takes a notebook's code apart and together again. @param namespaces those of the library */
export function programOf(notebook: Notebook, namespaces: ReadonlyMap<string, string>): Program {
  const [sites, statements]: [Site[], Statement[]] = [[], []];
  let head = '';
  const bodies = codeCells(notebook).map(({ source }, i) => {
    const cell = i + 1;
    const file = ts.createSourceFile('cell.ts', textOf(source), ts.ScriptTarget.ES2022, true);
    let body = '';
    let end = 0;
    /** Puts another text in the place of a node. */
    const replace = (node: ts.Node, text: string): void => {
      body += file.text.slice(end, node.getStart()) + text;
      end = node.end;
    };
    for (const statement of file.statements) {
      if (ts.isImportDeclaration(statement)) {
        head += `${statement.getText()}\n`;
        replace(statement, '');
        continue;
      }
      statements.push(analyse(cell, statement));
      walk(statement, (node) => {
        if (!ts.isCallExpression(node)) return;
        const [shown, draw] = node.arguments;
        const name = node.expression.getText();
        if (name === 'display' && shown) {
          replace(shown, `${sites.length}, async () => ${shown.getText()}`);
          sites.push(siteOf(shown.getText(), statements));
        } else if (name === 'interact' && shown && draw) {
          replace(shown, `${sites.length}, ${shown.getText()}`);
          sites.push(siteOf(draw.getText(), statements));
        }
      });
    }
    return `enter(${cell});\n${body}${file.text.slice(end)}\n`;
  });
  // Each cell stands in a block within the one before: it sees all that came before it, and may declare it anew.
  const text = head + bodies.map((body) => `{${body}`).join('') + '}'.repeat(bodies.length);
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const code = ts.transpileModule(text, { compilerOptions }).outputText;
  const cells = codeCells(notebook).map(({ source }) => textOf(source));
  const imports = libraryNames(cells, namespaces) ?? [...namespaces.keys()];
  return { code, sites, imports: imports.filter((name) => name !== 'display' && name !== 'interact') };
}
