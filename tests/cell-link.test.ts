// Cells in a link: what is put in comes out, and what others put in does no harm.
import assert from 'node:assert/strict';
import test from 'node:test';
import { deflateRawSync } from 'node:zlib';
import { Random } from 'descent-lab';
import { carriesCells, fragmentOf, LONGEST_LINK, sourcesIn } from '../web/src/page/link';

const random = new Random(1);
const signs = ['a', 'Z', '0', ' ', '\n', '\r\n', '\t', '"', '\\', '<', '&', 'é', '漢', '🙂', '\u2028', '\0'];
/** A text of so many signs, of all kinds. */
const text = (length: number): string =>
  Array.from({ length }, () => signs[random.integer(0, signs.length - 1)]).join('');

/** A fragment with any text packed in it. */
const forged = (text: string): string => `#cells=${deflateRawSync(text, { level: 9 }).toString('base64url')}`;

test('cells come out of a link as they went in', async () => {
  const cases = [
    [],
    [''],
    ['', ''],
    ["console.log('1')"],
    ...[1, 10, 300].map((length) => [text(length), text(length)]),
  ];
  for (const sources of cases) {
    const fragment = await fragmentOf(sources);
    assert.match(fragment, /^#cells=[\w-]*$/, 'nothing that an address would have to escape');
    assert.equal(carriesCells(fragment), true, fragment);
    assert.deepEqual(await sourcesIn(fragment), sources);
  }
});

test('repeated code takes little room', async () => {
  const cells = Array.from({ length: 10 }, (_, i) => `const x${i} = tf.scalar(${i}).square().mean();\n`.repeat(30));
  assert.ok(cells.join('').length > LONGEST_LINK, 'more than would fit as it is');
  assert.ok((await fragmentOf(cells)).length < 1000, `${(await fragmentOf(cells)).length} characters`);
});

test('a link that was cut, changed or forged is refused, and nobody waits for it', async () => {
  const fragment = await fragmentOf(['const a = 1;', 'a + 1']);
  const bad = {
    'no cells': '#section',
    empty: '#cells=',
    cut: fragment.slice(0, -6),
    'not base64': '#cells=%%%',
    'not packed': `#cells=${Buffer.from('plain text').toString('base64url')}`,
    'no JSON': forged('const a = 1;'),
    'no list': forged('{"0":"a"}'),
    'no texts': forged('["a", 1]'),
    'nested lists': forged('[["a"]]'),
    'too long': forged(JSON.stringify([text(20_000)])),
    'too much in it': forged(JSON.stringify([' '.repeat(3e6)])),
  };
  for (const [name, text] of Object.entries(bad)) {
    await assert.rejects(sourcesIn(text), /the cells in this link cannot be read/, name);
  }
});
