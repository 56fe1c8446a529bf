// What a notebook's cells use of the library, as far as that can be told from their text.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** The namespaces of a library: what is imported of such a one is what stands behind its dot. */
export const namespacesOf = (root: string): Map<string, string> =>
  new Map(
    [...readFileSync(join(root, 'lib', 'src', 'index.ts'), 'utf8').matchAll(/^export \* as (\w+) from '(.+)';$/gm)].map(
      ([, name, room]) => [name!, room!],
    ),
  );

/** `import { name as local } from 'descent-lab'`. */
interface ImportedName {
  name: string;
  local: string;
}

function importedNames(file: ts.SourceFile): ImportedName[] | undefined {
  const found: ImportedName[] = [];
  for (const { importClause, moduleSpecifier } of file.statements.filter(ts.isImportDeclaration)) {
    if (!/^descent-lab\b/.test((moduleSpecifier as ts.StringLiteral).text)) continue;
    const bindings = importClause?.namedBindings;
    if (!bindings || !ts.isNamedImports(bindings)) return undefined;
    for (const { name, propertyName } of bindings.elements) {
      found.push({ name: (propertyName ?? name).text, local: name.text });
    }
  }
  return found;
}

/** What a mention of a namespace means: members' names, nothing for a type, or undefined: it is handed on as a whole. */
function membersAt(node: ts.Identifier): string[] | undefined {
  const { parent } = node;
  if (ts.isQualifiedName(parent) || ts.isImportSpecifier(parent)) return [];
  if (ts.isPropertyAccessExpression(parent)) return [parent.name.text].filter(() => parent.expression === node);
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) {
    const { elements } = parent.name;
    if (elements.some((element) => element.dotDotDotToken)) return undefined;
    return elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
  }
  return (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) && parent.initializer !== node
    ? []
    : undefined;
}

/**
 * The names that cells use of the library, a namespace's with a dot: `descend`, `figures.lossChart`. Undefined where that
 * may be any.
 */
export function libraryNames(cells: readonly string[], namespaces: ReadonlyMap<string, string>): string[] | undefined {
  const text = cells.join('\n');
  if (/\b(?:require|import)\s*\(\s*['"`]descent-lab/.test(text)) return undefined;
  const file = ts.createSourceFile('cells.ts', text, ts.ScriptTarget.ES2022, true);
  const imported = importedNames(file);
  if (!imported) return undefined;
  const used = new Set(imported.flatMap(({ name }) => (namespaces.has(name) ? [] : [name])));
  const rooms = new Map(imported.flatMap(({ name, local }) => (namespaces.has(name) ? [[local, name] as const] : [])));
  const visit = (node: ts.Node): void => {
    const room = ts.isIdentifier(node) ? rooms.get(node.text) : undefined;
    if (room !== undefined) {
      const members = membersAt(node as ts.Identifier);
      if (!members) used.add(room);
      else members.forEach((member) => used.add(`${room}.${member}`));
    }
    node.forEachChild(visit);
  };
  visit(file);
  return [...used].sort();
}
