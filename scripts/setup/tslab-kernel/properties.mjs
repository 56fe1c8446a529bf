// Names of properties that tslab mistakes when it turns a variable of an earlier cell, `loss`, into `exports.loss`.
import path from 'node:path';
import { program } from './compiler.mjs';
import { replace, ts } from './tslab.mjs';

/** The variables of earlier cells, as tslab declares them to TypeScript. */
const earlier = '__prev__.d.ts';

const isEarlier = (symbol) =>
  symbol?.declarations?.some((declaration) => path.basename(declaration.getSourceFile().fileName) === earlier);

/** `{ loss }` is short for `{ loss: loss }`, and the second may be of an earlier cell. */
function spelledOut(node) {
  const written = ts.getOriginalNode(node);
  if (!isEarlier(program.getTypeChecker().getShorthandAssignmentValueSymbol(written))) return node;
  const value = ts.factory.createPropertyAccessExpression(ts.factory.createIdentifier('exports'), node.name);
  return ts.factory.createPropertyAssignment(node.name, value);
}

// tslab goes through the nodes of a cell by this function, and does nothing else by it.
replace(
  ts,
  'visitEachChild',
  (visitEach) =>
    (node, visit, ...rest) =>
      visitEach(
        node,
        (child) => {
          if (ts.isShorthandPropertyAssignment(child)) return spelledOut(child);
          // `grads` in `const { grads: [a, b] } = tape(x)` is no variable, though its type may come from an earlier cell.
          if (ts.isBindingElement(node) && child === node.propertyName) return child;
          return visit(child);
        },
        ...rest,
      ),
);
