// Shift+Tab: what stands under the cursor, as tslab tells it, and inside the parentheses of a call its signature too.
import { program } from './compiler.mjs';
import { Handler, replace, ts } from './tslab.mjs';

/** Where tslab asked last, and what it was told. */
let asked;

replace(ts, 'getQuickInfoAtPosition', (ask) => (file, checker, token, position) => {
  const info = ask(file, checker, token, position);
  asked = { file, position, token, info };
  return info;
});

const text = (parts = []) => parts.map((part) => part.text).join('');

/** The call around the cursor, in the form of what stands under it. */
function callAround({ file, position, token }) {
  const help = ts.SignatureHelp.getSignatureHelpItems(program, file, position, undefined, token);
  const item = help?.items[help.selectedItemIndex];
  if (!item) return undefined;
  const parameters = item.parameters.map(({ displayParts }) => text(displayParts));
  const signature =
    text(item.prefixDisplayParts) + parameters.join(text(item.separatorDisplayParts)) + text(item.suffixDisplayParts);
  return { signature, documentation: text(item.documentation), tags: item.tags };
}

const underCursor = ({ info }) =>
  info && { signature: text(info.displayParts), documentation: text(info.documentation), tags: info.tags };

/** `@param x what it is` and the like; `example` sets code off. */
const tagLines = (tags = [], example = (code) => code) =>
  tags
    .filter((tag) => tag.text)
    .map((tag) => `@${tag.name} ${tag.name === 'example' ? example(text(tag.text)) : text(tag.text)}`);

const plain = ({ signature, documentation, tags }) =>
  [signature, documentation, tagLines(tags).join('\n')].filter(Boolean).join('\n\n');

const fence = (code) => `\n\`\`\`typescript\n${code}\n\`\`\``;
/** A front end that knows Markdown sets the formulas between dollar signs. */
const markdown = ({ signature, documentation, tags }) =>
  [fence(signature), documentation, ...tagLines(tags, fence)].filter(Boolean).join('\n\n');

replace(
  Handler,
  'handleInspect',
  (inspect) =>
    function (request) {
      asked = undefined;
      const reply = inspect.call(this, request);
      const told = asked ? [underCursor(asked), callAround(asked)].filter(Boolean) : [];
      if (told.length === 0) return reply;
      const data = {
        'text/markdown': told.map(markdown).join('\n\n---\n\n'),
        'text/plain': told.map(plain).join('\n\n'),
      };
      return { status: 'ok', found: true, data, metadata: {} };
    },
);
