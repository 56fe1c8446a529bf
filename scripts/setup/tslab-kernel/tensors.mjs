// The hint that most beginners need: tensors are no numbers, and JavaScript's operators know only those.
import { ts } from './tslab.mjs';

const { SyntaxKind } = ts;
/** The methods by the operator, and by that which assigns too. */
const arithmetic = new Map([
  [SyntaxKind.PlusToken, 'add'],
  [SyntaxKind.MinusToken, 'sub'],
  [SyntaxKind.AsteriskToken, 'mul'],
  [SyntaxKind.SlashToken, 'div'],
  [SyntaxKind.PercentToken, 'mod'],
  [SyntaxKind.AsteriskAsteriskToken, 'pow'],
]);
const assigning = new Map([
  [SyntaxKind.PlusEqualsToken, 'add'],
  [SyntaxKind.MinusEqualsToken, 'sub'],
  [SyntaxKind.AsteriskEqualsToken, 'mul'],
  [SyntaxKind.SlashEqualsToken, 'div'],
]);
const ordering = new Map([
  [SyntaxKind.LessThanToken, 'less'],
  [SyntaxKind.LessThanEqualsToken, 'lessEqual'],
  [SyntaxKind.GreaterThanToken, 'greater'],
  [SyntaxKind.GreaterThanEqualsToken, 'greaterEqual'],
]);
const equating = new Map([
  [SyntaxKind.EqualsEqualsToken, 'equal'],
  [SyntaxKind.EqualsEqualsEqualsToken, 'equal'],
  [SyntaxKind.ExclamationEqualsToken, 'notEqual'],
  [SyntaxKind.ExclamationEqualsEqualsToken, 'notEqual'],
]);
const methods = new Map([...arithmetic, ...ordering, ...equating]);
/** What the same comes of with the operands exchanged. */
const exchanged = new Map([
  ['add', 'add'],
  ['mul', 'mul'],
  ['equal', 'equal'],
  ['notEqual', 'notEqual'],
  ['less', 'greater'],
  ['greater', 'less'],
  ['lessEqual', 'greaterEqual'],
  ['greaterEqual', 'lessEqual'],
]);

const isBinary = (node, operators) => ts.isBinaryExpression(node) && operators.has(node.operatorToken.kind);
const isNegation = (node) => ts.isPrefixUnaryExpression(node) && node.operator === SyntaxKind.MinusToken;
const isOperation = (node) => isBinary(node, methods) || isNegation(node);
const isAssigning = (node) => isBinary(node, assigning);
const isComparison = (node) => isBinary(node, ordering) || isBinary(node, equating);
const bare = (node) => (ts.isParenthesizedExpression(node) ? bare(node.expression) : node);

/** Whether an operand is a tensor, also one that comes of operators, which TypeScript has no type for. */
const tensorsOf = (checker) =>
  function isTensor(operand) {
    const inner = bare(operand);
    if (isNegation(inner)) return isTensor(inner.operand);
    if (isOperation(inner)) return isTensor(inner.left) || isTensor(inner.right);
    const type = checker.getTypeAtLocation(inner);
    return ['mul', 'dataSync'].every((name) => checker.getPropertyOfType(type, name));
  };

/** Whether a value decides what is done: every tensor is true. */
function decides(node) {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return decides(parent);
  if (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) return parent.condition === node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) {
    return parent.expression === node;
  }
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === SyntaxKind.ExclamationToken;
  const { kind } = parent.operatorToken ?? {};
  return kind === SyntaxKind.AmpersandAmpersandToken || kind === SyntaxKind.BarBarToken;
}

/**
 * What to write in place of an expression whose operands are tensors, for a diagnostic of an operator: `{ node, text }`,
 * of the largest such expression. Undefined where no tensor is in it.
 */
export function withoutOperators({ file, start, length }, checker) {
  let node = ts.getTokenAtPosition(file, start);
  while (node && (node.end < start + length || !(isOperation(node) || isAssigning(node)))) node = node.parent;
  if (!node) return undefined;
  for (let { parent } = node; parent; parent = parent.parent) {
    if (isOperation(parent) || isAssigning(parent)) node = parent;
    else if (!ts.isParenthesizedExpression(parent)) break;
  }
  const isTensor = tensorsOf(checker);
  const receiver = (operand) =>
    rewrites(operand) || ts.isLeftHandSideExpression(bare(operand)) ? written(operand) : `(${written(operand)})`;
  const rewrites = (operand) => isOperation(bare(operand)) && isTensor(operand);
  const call = (method, left, right) => {
    if (isTensor(left)) return `${receiver(left)}.${method}(${written(right)})`;
    if (exchanged.has(method)) return `${receiver(right)}.${exchanged.get(method)}(${written(left)})`;
    return `tf.${method}(${written(left)}, ${written(right)})`;
  };
  const written = (operand) => {
    const inner = bare(operand);
    if (!rewrites(inner)) return inner.getText(file);
    if (isNegation(inner)) return `${receiver(inner.operand)}.neg()`;
    return call(methods.get(inner.operatorToken.kind), inner.left, inner.right);
  };
  const number = (operand) => (isTensor(operand) ? `${receiver(operand)}.dataSync()[0]` : operand.getText(file));
  if (isComparison(node) && isTensor(node) && decides(node)) {
    return { node, text: `${number(node.left)} ${node.operatorToken.getText(file)} ${number(node.right)}` };
  }
  if (isOperation(node)) return isTensor(node) ? { node, text: written(node) } : undefined;
  if (!isTensor(node.left) && !isTensor(node.right)) return undefined;
  const method = assigning.get(node.operatorToken.kind);
  return { node, text: `${node.left.getText(file)} = ${call(method, node.left, node.right)}` };
}

/**
 * Diagnostics of what TypeScript lets pass though it never comes to what was meant: the negative of a tensor is NaN, and
 * of two tensors it compares what they print as. Two that are equal may be meant as the same one.
 */
export function silentOperators(file, checker) {
  const isTensor = tensorsOf(checker);
  const found = [];
  const visit = (node) => {
    const isSilent =
      (isNegation(node) && isTensor(node.operand)) ||
      (isBinary(node, ordering) && (isTensor(node.left) || isTensor(node.right)));
    if (isSilent) {
      const start = node.getStart(file);
      found.push({
        file,
        start,
        length: node.end - start,
        category: ts.DiagnosticCategory.Error,
        code: isNegation(node) ? 2356 : 2365, // TypeScript's own for operands that are no numbers.
        messageText: 'Tensors have no operators.',
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
