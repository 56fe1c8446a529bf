// Which names a piece of code declares, and which it takes from outside.
import type {
  AnyNode,
  Class,
  ForInStatement,
  ForOfStatement,
  Function as AcornFunction,
  Identifier,
  Node,
  Pattern,
  Program,
} from 'acorn';
import { base, recursive, type RecursiveVisitors } from 'acorn-walk';

/** The identifiers that a pattern binds. */
export function* boundIn(pattern: Pattern | null | undefined): Generator<Identifier> {
  switch (pattern?.type) {
    case 'Identifier':
      yield pattern;
      break;
    case 'ObjectPattern':
      for (const part of pattern.properties) yield* boundIn(part.type === 'RestElement' ? part : part.value);
      break;
    case 'ArrayPattern':
      for (const part of pattern.elements) yield* boundIn(part);
      break;
    case 'AssignmentPattern':
      yield* boundIn(pattern.left);
      break;
    case 'RestElement':
      yield* boundIn(pattern.argument);
  }
}

/** How a name was declared: only `const` matters to others. */
export type Kind = 'const' | 'let';

/** The names that statements declare in their own block: all but `var`. */
function declaredBy(statements: readonly AnyNode[]): Map<string, Kind> {
  const names = new Map<string, Kind>();
  for (const statement of statements) {
    const isExport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration';
    const node = isExport ? statement.declaration : statement;
    if (node?.type === 'VariableDeclaration' && node.kind !== 'var') {
      for (const { id } of node.declarations)
        for (const { name } of boundIn(id)) names.set(name, node.kind === 'let' ? 'let' : 'const');
    } else if ((node?.type === 'ClassDeclaration' || node?.type === 'FunctionDeclaration') && node.id) {
      names.set(node.id.name, 'let');
    } else if (node?.type === 'ImportDeclaration') {
      for (const { local } of node.specifiers) names.set(local.name, 'let'); // tslab lets them be assigned
    }
  }
  return names;
}

/** The names of `var` in a function's body, or a cell's, wherever in it they stand. */
function varsIn(body: Node): string[] {
  const names: string[] = [];
  recursive(body, undefined, {
    Function: () => undefined, // has its own
    VariableDeclaration(node, state, visit) {
      if (node.kind === 'var')
        for (const { id } of node.declarations) for (const { name } of boundIn(id)) names.push(name);
      base['VariableDeclaration']!(node, state, visit);
    },
  });
  return names;
}

/** The names that a cell declares at its top level. */
export const declaredAtTop = (program: Program): Map<string, Kind> =>
  new Map([...varsIn(program).map((name): [string, Kind] => [name, 'let']), ...declaredBy(program.body)]);

/** A place where a name is used that nothing around it declares. */
export interface Reference {
  identifier: Identifier;
  /** Whether it is given another value. */
  assigned: boolean;
  /** Whether it stands in a function, which may ask for it long after its cell has run. */
  isLater: boolean;
  /** Where it is not an expression like others: a property too, `{ name }`; what is called; what `typeof` asks about. */
  role?: 'shorthand' | 'callee' | 'asked';
}

/** The names that are declared around a place. */
interface Scope {
  names: ReadonlySet<string>;
  isFunction: boolean;
  outer?: Scope;
}
type Visit = (node: Node, scope: Scope, as?: string) => void;
type Visitor<T extends string> = (node: Extract<AnyNode, { type: T }>, scope: Scope, visit: Visit) => void;

const isIn = (name: string, scope?: Scope): boolean =>
  scope !== undefined && (scope.names.has(name) || isIn(name, scope.outer));
const isInFunction = (scope?: Scope): boolean => scope !== undefined && (scope.isFunction || isInFunction(scope.outer));
const within = (names: Iterable<string>, outer?: Scope, isFunction = false): Scope => ({
  names: new Set(names),
  isFunction,
  ...(outer && { outer }),
});
const namesIn = (...patterns: (Pattern | null | undefined)[]): string[] =>
  patterns.flatMap((pattern) => [...boundIn(pattern)].map(({ name }) => name));

/** The references to names that are not among `known`, nor declared around them, in the order of the text. */
export function referencesOf(program: Program, known: Iterable<string>): Reference[] {
  const references: Reference[] = [];
  const assigned = new Set<Node>();
  const roles = new Map<Node, NonNullable<Reference['role']>>();
  const assign = (pattern: Pattern): void => [...boundIn(pattern)].forEach((identifier) => assigned.add(identifier));
  const onward: Visitor<never> = (node: AnyNode, scope, visit) =>
    (base[node.type] as unknown as (node: AnyNode, scope: Scope, visit: Visit) => void)(node, scope, visit);
  const note = (identifier: Identifier, scope: Scope): void => {
    if (isIn(identifier.name, scope)) return;
    const role = roles.get(identifier);
    const isLater = isInFunction(scope);
    references.push({ identifier, assigned: assigned.has(identifier), isLater, ...(role && { role }) });
  };
  const loop = (node: ForInStatement | ForOfStatement, scope: Scope, visit: Visit): void => {
    const isOwn = node.left.type === 'VariableDeclaration';
    if (!isOwn) assign(node.left as Pattern);
    onward(node as never, isOwn ? within(declaredBy([node.left]).keys(), scope) : scope, visit);
  };
  const noteShorthands = (properties: readonly AnyNode[]): void => {
    for (const part of properties) {
      if (part.type !== 'Property' || !part.shorthand) continue;
      const isDefault = part.value.type === ('AssignmentPattern' as string);
      roles.set(isDefault ? (part.value as never as { left: Node }).left : part.value, 'shorthand');
    }
  };

  const visitors: { [T in AnyNode['type']]?: Visitor<T> } & Record<string, unknown> = {
    Identifier: note,
    VariablePattern: note,
    Function(node: AcornFunction, scope: Scope, visit: Visit) {
      const own = [...namesIn(...node.params), ...varsIn(node.body)];
      if (node.type !== 'ArrowFunctionExpression') own.push('arguments');
      if (node.type === 'FunctionExpression' && node.id) own.push(node.id.name);
      const inside = within(own, scope, true);
      node.params.forEach((param) => visit(param, inside, 'Pattern'));
      visit(node.body, inside, node.expression ? 'Expression' : 'Statement');
    },
    Class(node: Class, scope: Scope, visit: Visit) {
      if (node.superClass) visit(node.superClass, scope, 'Expression');
      visit(node.body, within(node.id ? [node.id.name] : [], scope));
    },
    BlockStatement: (node, scope, visit) => onward(node as never, within(declaredBy(node.body).keys(), scope), visit),
    StaticBlock: (node, scope, visit) =>
      onward(node as never, within([...declaredBy(node.body).keys(), ...varsIn(node)], scope), visit),
    SwitchStatement(node, scope, visit) {
      visit(node.discriminant, scope, 'Expression');
      const inside = within(declaredBy(node.cases.flatMap(({ consequent }) => consequent)).keys(), scope);
      node.cases.forEach((one) => visit(one, inside));
    },
    ForStatement: (node, scope, visit) =>
      onward(node as never, within(node.init ? declaredBy([node.init]).keys() : [], scope), visit),
    ForInStatement: loop,
    ForOfStatement: loop,
    CatchClause: (node, scope, visit) => onward(node as never, within(namesIn(node.param), scope), visit),
    ObjectExpression(node, scope, visit) {
      noteShorthands(node.properties);
      onward(node as never, scope, visit);
    },
    ObjectPattern(node, scope, visit) {
      noteShorthands(node.properties);
      onward(node as never, scope, visit);
    },
    AssignmentExpression(node, scope, visit) {
      assign(node.left);
      onward(node as never, scope, visit);
    },
    CallExpression(node, scope, visit) {
      roles.set(node.callee, 'callee');
      onward(node as never, scope, visit);
    },
    TaggedTemplateExpression(node, scope, visit) {
      roles.set(node.tag, 'callee');
      onward(node as never, scope, visit);
    },
    UnaryExpression(node, scope, visit) {
      if (node.operator === 'typeof') roles.set(node.argument, 'asked');
      onward(node as never, scope, visit);
    },
    UpdateExpression(node, scope, visit) {
      if (node.argument.type === 'Identifier') assigned.add(node.argument);
      onward(node as never, scope, visit);
    },
    // what stands in them are labels and the names of others' exports
    LabeledStatement: (node, scope, visit) => visit(node.body, scope, 'Statement'),
    BreakStatement: () => undefined,
    ContinueStatement: () => undefined,
    ExportSpecifier: () => undefined,
    ImportDeclaration: () => undefined,
    MetaProperty: () => undefined,
  };
  recursive(program, within(known), visitors as RecursiveVisitors<Scope>);
  return references;
}
