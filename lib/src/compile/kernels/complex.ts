// Kernels of complex numbers. A complex value is two, its real part with its imaginary part beside it; in memory the parts
// of each number stand one after the other.
import { constantOf, fixed, type Expression } from '../expressions';
import type { Elements, Plan } from '../plan';
import { viewed, zeros, type Definition, type Definitions } from './definition';
import { broadcast } from './elementwise';

interface ComplexElements extends Elements {
  readonly imaginary: Elements;
}

const isComplex = (x: Elements): x is ComplexElements => 'imaginary' in x;
const realOf = ({ shape, kind, at }: Elements): Elements => ({ shape, kind, at });
const joined = (real: Elements, imaginary: Elements): ComplexElements => ({ ...realOf(real), imaginary });

/** The same of a real value, or of both parts of a complex one. */
export const eachPart = (x: Elements, of: (part: Elements) => Elements): Elements =>
  isComplex(x) ? joined(of(realOf(x)), of(x.imaginary)) : of(x);

/** A value as it lies in memory: of a complex one, with an axis for its parts. */
export const inMemory = (x: Elements): Elements =>
  isComplex(x)
    ? {
        shape: [...x.shape, 2],
        kind: x.kind,
        at: (to) => (constantOf(to.at(-1)!) === 0 ? x : x.imaginary).at(to.slice(0, -1)), // an axis of 2 is written out
      }
    : x;

/** A complex value that lies in memory. */
export function fromMemory(x: Elements): Elements {
  const shape = x.shape.slice(0, -1);
  const part = (which: number): Elements => viewed(x, shape, (to) => [...to, fixed(which)]);
  return joined(part(0), part(1));
}

const imaginaryOf = (plan: Plan, x: Elements): Elements => (isComplex(x) ? x.imaginary : zeros(plan, x.shape, x.kind));

/** A kernel that does the same to both parts. */
const partwise =
  (define: Definition): Definition =>
  (given) => {
    const of = (part: (x: Elements) => Elements): Elements[] =>
      define({
        ...given,
        inputs: Object.fromEntries(
          Object.entries(given.inputs).map(([name, x]) => [name, x.kind === 'float' ? part(x) : x]),
        ),
        lists: Object.fromEntries(Object.entries(given.lists).map(([name, list]) => [name, list.map(part)])),
        outputs: given.outputs.map(({ shape }) => ({ shape, dtype: 'float32' })),
      });
    const imaginary = of((x) => imaginaryOf(given.plan, x));
    return of(realOf).map((real, i) => joined(real, imaginary[i]!));
  };

type Parts = [real: Expression, imaginary: Expression];

/** A kernel of two values, element by element. */
const binary =
  (of: (e: Plan['expressions'], a: Parts, b: Parts) => Parts): Definition =>
  ({ plan, inputs, outputs: [output] }) => {
    const part = (which: 0 | 1): Elements => ({
      shape: output!.shape,
      kind: 'float',
      at: (to) => {
        const [a, b] = [inputs['a']!, inputs['b']!].map((x): Parts => [
          broadcast(x, to),
          broadcast(imaginaryOf(plan, x), to),
        ]);
        return of(plan.expressions, a!, b!)[which];
      },
    });
    return [joined(part(0), part(1))];
  };

/** The sum, or the difference, of two products. */
const both = (
  e: Plan['expressions'],
  sign: 'add' | 'subtract',
  a: Expression,
  b: Expression,
  c: Expression,
  d: Expression,
): Expression => e.apply(sign, e.apply('multiply', a, b), e.apply('multiply', c, d));

const fourier =
  (kernel: 'FFT' | 'IFFT'): Definition =>
  ({ plan, inputs, attributes }) => {
    const input = inMemory(inputs['input']!);
    return plan.whole(kernel, attributes, { input }, [{ shape: input.shape, kind: 'float' }]).map(fromMemory);
  };

const PARTWISE = ['Identity', 'Reshape', 'ExpandDims', 'Slice', 'StridedSlice', 'Reverse', 'Tile', 'Unpack', 'SplitV', 'Pack', 'Concat', 'GatherV2', 'GatherNd', 'Sum', 'Cumsum', 'Add', 'AddN', 'Sub', 'Neg', 'ZerosLike', 'Select']; // prettier-ignore

/** Of the definitions for real numbers, those for complex ones. */
export const complexDefinitions = (definitions: Definitions): Definitions => ({
  ...Object.fromEntries(PARTWISE.map((kernel) => [kernel, partwise(definitions[kernel]!)])),
  Complex: ({ inputs }) => [joined(inputs['real']!, inputs['imag']!)],
  Real: ({ inputs }) => [realOf(inputs['input']!)],
  Imag: ({ plan, inputs }) => [imaginaryOf(plan, inputs['input']!)],
  Cast: ({ plan, inputs, outputs: [output] }) => {
    const x = inputs['x']!;
    return [output!.dtype === 'complex64' ? joined(x, imaginaryOf(plan, x)) : realOf(x)];
  },
  ComplexAbs: ({ plan, inputs }) => {
    const x = inputs['x']!;
    const imaginary = imaginaryOf(plan, x);
    const { expressions: e } = plan;
    const square = (part: Expression): Expression => e.apply('multiplyDouble', part, part);
    return [
      {
        ...realOf(x),
        at: (to) => e.apply('squareRoot', e.apply('addDouble', square(x.at(to)), square(imaginary.at(to)))),
      },
    ];
  },
  Multiply: binary((e, [a, b], [c, d]) => [both(e, 'subtract', a, c, b, d), both(e, 'add', a, d, b, c)]),
  RealDiv: binary((e, [a, b], [c, d]) => {
    const square = both(e, 'add', c, c, d, d);
    const [real, imaginary] = [both(e, 'add', a, c, b, d), both(e, 'subtract', b, c, a, d)];
    return [e.apply('divide', real, square), e.apply('divide', imaginary, square)];
  }),
  FFT: fourier('FFT'),
  IFFT: fourier('IFFT'),
});
