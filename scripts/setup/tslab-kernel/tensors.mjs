// The hint that most beginners need: tensors are no numbers, and JavaScript's operators know only those.
import { ts } from './tslab.mjs';

const { SyntaxKind } = ts;
/** The methods by the operator, and by that which assigns too. */
const methods = new Map([
  [SyntaxKind.PlusToken, 'add'],
  [SyntaxKind.MinusToken, 'sub'],
  [SyntaxKind.AsteriskToken, 'mul'],
  [SyntaxKind.SlashToken, 'div'],
  [SyntaxKind.AsteriskAsteriskToken, 'pow'],
]);
const assigning = new Map([
  [SyntaxKind.PlusEqualsToken, 'add'],
  [SyntaxKind.MinusEqualsToken, 'sub'],
  [SyntaxKind.AsteriskEqualsToken, 'mul'],
  [SyntaxKind.SlashEqualsToken, 'div'],
]);
const commutative = new Set(['add', 'mul']);

const isArithmetic = (node) => ts.isBinaryExpression(node) && methods.has(node.operatorToken.kind);
const isAssigning = (node) => ts.isBinaryExpression(node) && assigning.has(node.operatorToken.kind);
const bare = (node) => (ts.isParenthesizedExpression(node) ? bare(node.expression) : node);

/**
 * What to write in place of an expression whose operands are tensors, for a diagnostic of an operator: `{ node, text }`,
 * of the largest such expression. Undefined where no tensor is in it.
 */
export function withoutOperators({ file, start, length }, checker) {
  let node = ts.getTokenAtPosition(file, start);
  while (node && (node.end < start + length || !(isArithmetic(node) || isAssigning(node)))) node = node.parent;
  if (!node) return undefined;
  for (let { parent } = node; parent; parent = parent.parent) {
    if (isArithmetic(parent) || isAssigning(parent)) node = parent;
    else if (!ts.isParenthesizedExpression(parent)) break;
  }
  const isTensor = (operand) => {
    const inner = bare(operand);
    if (isArithmetic(inner)) return isTensor(inner.left) || isTensor(inner.right);
    const type = checker.getTypeAtLocation(inner);
    return ['mul', 'dataSync'].every((name) => checker.getPropertyOfType(type, name));
  };
  const receiver = (operand) =>
    rewrites(operand) || ts.isLeftHandSideExpression(bare(operand)) ? written(operand) : `(${written(operand)})`;
  const rewrites = (operand) => isArithmetic(bare(operand)) && isTensor(operand);
  const call = (method, left, right) => {
    if (isTensor(left)) return `${receiver(left)}.${method}(${written(right)})`;
    if (commutative.has(method)) return `${receiver(right)}.${method}(${written(left)})`;
    return `tf.${method}(${written(left)}, ${written(right)})`;
  };
  const written = (operand) => {
    const inner = bare(operand);
    if (!rewrites(inner)) return inner.getText(file);
    return call(methods.get(inner.operatorToken.kind), inner.left, inner.right);
  };
  if (isArithmetic(node)) return isTensor(node) ? { node, text: written(node) } : undefined;
  if (!isTensor(node.left) && !isTensor(node.right)) return undefined;
  const method = assigning.get(node.operatorToken.kind);
  return { node, text: `${node.left.getText(file)} = ${call(method, node.left, node.right)}` };
}
