// The controls above a figure, as HTML: the same where a page was built and where its cells run.
import type { PanelSpec } from 'descent-lab/internal';

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign]!);

/** What stands inside a panel. */
export const panelHtml = ({ controls }: PanelSpec): string =>
  `${controls
    .map(({ kind, label, dials }) =>
      dials
        .map(({ label: own, texts, start }) => {
          const name = `<span class="name">${escape([label, own].filter(Boolean).join(' '))}</span>`;
          if (kind === 'choice') {
            const options = texts.map((text, i) => `<option${i === start ? ' selected' : ''}>${escape(text)}</option>`);
            return `<label>${name}<select>${options.join('')}</select></label>`;
          }
          const text = escape(texts[start]!);
          return (
            `<label>${name}<input type="range" min="0" max="${texts.length - 1}" step="1" value="${start}" ` +
            `aria-valuetext="${text}"><output>${text}</output></label>`
          );
        })
        .join(''),
    )
    .join('')}<p class="said" role="status"></p><button type="button" data-action="stop-drawing" hidden>Stop</button>`;
