// JPEG as libjpeg writes it: baseline, the standard tables, colours at half the width and height. A browser's own encoder
// gives other pixels in each browser; this one's files decode to the bytes of sharp's, since its numbers are rounded alike.

/** The standard's tables for quality 50 (Annex K.1), row by row. */
const LUMA = [16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99]; // prettier-ignore
const CHROMA = [17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99, ...new Array<number>(32).fill(99)]; // prettier-ignore
/** Where the k-th coefficient of a file stands in its block. */
const ZIGZAG = [0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63]; // prettier-ignore

/** A Huffman table (Annex K.3): how many codes there are of each length, and what they stand for. */
interface Huffman {
  counts: readonly number[];
  values: readonly number[];
}
const bytesOf = (hex: string): number[] => hex.match(/../g)!.map((pair) => parseInt(pair, 16));
const TABLES: Record<'dc' | 'ac', readonly [luma: Huffman, chroma: Huffman]> = {
  dc: [
    { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], values: bytesOf('000102030405060708090a0b') },
    { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], values: bytesOf('000102030405060708090a0b') },
  ],
  ac: [
    {
      counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
      values: bytesOf('01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa'), // prettier-ignore
    },
    {
      counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
      values: bytesOf('0001020311040521310612415107617113223281081442 91a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a434445464748494a535455565758595a636465666768696a737475767778797a82838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa'.replace(' ', '')), // prettier-ignore
    },
  ],
};

/** The code and its length in bits, for each value of a table. */
function codesOf({ counts, values }: Huffman): Map<number, [code: number, length: number]> {
  const codes = new Map<number, [number, number]>();
  let [code, at] = [0, 0];
  counts.forEach((count, i) => {
    for (let k = 0; k < count; k++) codes.set(values[at++]!, [code++, i + 1]);
    code *= 2;
  });
  return codes;
}

/** A file that grows bit by bit. */
class Bits {
  readonly bytes: number[] = [];
  private held = 0;
  private count = 0;

  put(value: number, length: number): void {
    for (let i = length - 1; i >= 0; i--) {
      this.held = (this.held << 1) | ((value >> i) & 1);
      if (++this.count < 8) continue;
      this.bytes.push(this.held);
      if (this.held === 0xff) this.bytes.push(0); // or it would begin a marker
      [this.held, this.count] = [0, 0];
    }
  }

  end(): void {
    if (this.count > 0) this.put(0x7f, 8 - this.count);
  }
}

/** The whole-number cosine transform of libjpeg ("islow"), of a block in place; the result is 8 times as large. */
function transform(block: Int32Array): void {
  for (let row = 0; row < 64; row += 8) line(block, row, 1, -2, 11);
  for (let column = 0; column < 8; column++) line(block, column, 8, 2, 15);
}

const descale = (x: number, bits: number): number => (bits < 0 ? x << -bits : (x + (1 << (bits - 1))) >> bits);

/** Constants are thousandths of 2^13; `even` and `odd` are the bits to lose at the end. */
function line(b: Int32Array, at: number, step: number, even: number, odd: number): void {
  const [i0, i1, i2, i3, i4, i5, i6, i7] = [0, 1, 2, 3, 4, 5, 6, 7].map((k) => at + k * step) as [number, number, number, number, number, number, number, number]; // prettier-ignore
  const [s0, s1, s2, s3] = [b[i0]! + b[i7]!, b[i1]! + b[i6]!, b[i2]! + b[i5]!, b[i3]! + b[i4]!];
  const [d0, d1, d2, d3] = [b[i0]! - b[i7]!, b[i1]! - b[i6]!, b[i2]! - b[i5]!, b[i3]! - b[i4]!];
  const [p0, p1, m0, m1] = [s0 + s3, s1 + s2, s0 - s3, s1 - s2];
  b[i0] = descale(p0 + p1, even);
  b[i4] = descale(p0 - p1, even);
  const turn = (m0 + m1) * 4433;
  b[i2] = descale(turn + m0 * 6270, odd);
  b[i6] = descale(turn - m1 * 15137, odd);
  const both = (d3 + d1 + d2 + d0) * 9633;
  const [z1, z2] = [(d3 + d0) * -7373, (d2 + d1) * -20995];
  const [z3, z4] = [(d3 + d1) * -16069 + both, (d2 + d0) * -3196 + both];
  b[i7] = descale(d3 * 2446 + z1 + z3, odd);
  b[i5] = descale(d2 * 16819 + z2 + z4, odd);
  b[i3] = descale(d1 * 25172 + z2 + z3, odd);
  b[i1] = descale(d0 * 12299 + z1 + z4, odd);
}

/** One of a picture's components, as it is encoded. */
interface Component {
  /** How many blocks stand side by side, and one above the other, in each unit of the file. */
  across: number;
  down: number;
  sample: (x: number, y: number) => number;
  table: number[];
  kind: 0 | 1;
}

const clamp = (value: number, most: number): number => Math.min(value, most);

/** Luma and the two chromas of pixels [red, green, blue ...], or the grey itself. */
function componentsOf(bytes: Uint8Array, width: number, height: number, channels: 1 | 3, quality: number): Component[] {
  const scale = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  const scaled = (table: number[]): number[] =>
    table.map((value) => Math.min(255, Math.max(1, Math.floor((value * scale + 50) / 100))));
  const luma = { table: scaled(LUMA), kind: 0 } as const;
  // what lies beyond the picture repeats its edge
  const place = (x: number, y: number): number => channels * (clamp(y, height - 1) * width + clamp(x, width - 1));
  if (channels === 1) return [{ ...luma, across: 1, down: 1, sample: (x, y) => bytes[place(x, y)]! }];

  /** Weights are 65536ths, as libjpeg rounds them. */
  const mix = (r: number, g: number, b: number, more: number) => (x: number, y: number) => {
    const at = place(x, y);
    return (r * bytes[at]! + g * bytes[at + 1]! + b * bytes[at + 2]! + more) >> 16;
  };
  const halved = (full: (x: number, y: number) => number) => (x: number, y: number) => {
    const [left, top, right, bottom] = [2 * x, 2 * y, 2 * x + 1, 2 * y + 1];
    const sum = full(left, top) + full(right, top) + full(left, bottom) + full(right, bottom);
    return (sum + 1 + (x % 2)) >> 2; // rounded down and up in turn
  };
  const MIDDLE = 128 * 65536 + 32767;
  const chroma = { across: 1, down: 1, table: scaled(CHROMA), kind: 1 } as const;
  return [
    { ...luma, across: 2, down: 2, sample: mix(19595, 38470, 7471, 32768) },
    { ...chroma, sample: halved(mix(-11059, -21709, 32768, MIDDLE)) },
    { ...chroma, sample: halved(mix(32768, -27439, -5329, MIDDLE)) },
  ];
}

/** A JPEG file of pixels, row by row. */
export function encodeJpeg(
  bytes: Uint8Array,
  { width, height, channels }: { width: number; height: number; channels: 1 | 3 },
  quality: number,
): Uint8Array {
  const components = componentsOf(bytes, width, height, channels, quality);
  const kinds = [...new Set(components.map(({ kind }) => kind))];
  const file: number[] = [0xff, 0xd8];
  const two = (value: number): number[] => [value >> 8, value & 255];
  const segment = (marker: number, ...content: number[]): unknown =>
    file.push(0xff, marker, ...two(content.length + 2), ...content);
  segment(0xe0, 0x4a, 0x46, 0x49, 0x46, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0); // JFIF
  for (const kind of kinds) {
    const { table } = components.find((one) => one.kind === kind)!;
    segment(0xdb, kind, ...ZIGZAG.map((at) => table[at]!));
  }
  const sizes = components.flatMap(({ across, down, kind }, i) => [i + 1, across * 16 + down, kind]);
  segment(0xc0, 8, ...two(height), ...two(width), components.length, ...sizes);
  for (const kind of kinds) {
    for (const [i, { counts, values }] of [TABLES.dc[kind], TABLES.ac[kind]].entries())
      segment(0xc4, i * 16 + kind, ...counts, ...values);
  }
  segment(0xda, components.length, ...components.flatMap(({ kind }, i) => [i + 1, kind * 17]), 0, 63, 0);

  const bits = new Bits();
  const codes = { dc: TABLES.dc.map(codesOf), ac: TABLES.ac.map(codesOf) };
  const before = components.map(() => 0);
  const block = new Int32Array(64);
  const unit = channels === 1 ? 8 : 16;
  for (let top = 0; top * unit < height; top++) {
    for (let left = 0; left * unit < width; left++) {
      components.forEach(({ across, down, sample, table, kind }, c) => {
        for (let i = 0; i < across * down; i++) {
          const [x0, y0] = [8 * (left * across + (i % across)), 8 * (top * down + Math.floor(i / across))];
          for (let k = 0; k < 64; k++) block[k] = sample(x0 + (k & 7), y0 + (k >> 3)) - 128;
          transform(block);
          const numbers = ZIGZAG.map((at) => quantised(block[at]!, 8 * table[at]!));
          put(bits, numbers, numbers[0]! - before[c]!, codes.dc[kind]!, codes.ac[kind]!);
          before[c] = numbers[0]!;
        }
      });
    }
  }
  bits.end();
  return Uint8Array.from([...file, ...bits.bytes, 0xff, 0xd9]);
}

/** Divided and rounded, halves away from 0. */
const quantised = (value: number, by: number): number =>
  Math.sign(value) * Math.floor((Math.abs(value) + (by >> 1)) / by);

type Codes = ReadonlyMap<number, [code: number, length: number]>;

/** Writes a block: the difference of its mean, then each number after so many zeros. */
function put(bits: Bits, numbers: number[], difference: number, dc: Codes, ac: Codes): void {
  const write = (codes: Codes, zeros: number, value: number): void => {
    const size = 32 - Math.clz32(Math.abs(value));
    bits.put(...codes.get(zeros * 16 + size)!);
    bits.put(value < 0 ? value - 1 : value, size); // of a negative number, the complement
  };
  write(dc, 0, difference);
  const last = numbers.reduce((found, value, k) => (value === 0 ? found : k), 0);
  let zeros = 0;
  for (let k = 1; k <= last; k++) {
    const value = numbers[k]!;
    if (value === 0) {
      zeros++;
      continue;
    }
    for (; zeros > 15; zeros -= 16) bits.put(...ac.get(0xf0)!);
    write(ac, zeros, value);
    zeros = 0;
  }
  if (last < 63) bits.put(...ac.get(0)!);
}
