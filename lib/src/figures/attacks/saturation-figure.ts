import { chart, marks, palette, type Figure, type FindingOptions } from '../chart';

/** An attack's lead in logits, step by step, and how strong its gradient is at the start. */
export interface GradientTrace {
  /** What is said of it in the legend. */
  name: string;
  /** By how many logits the class to be left leads; below zero it has lost. */
  lead: readonly number[];
  /** The largest absolute value of the loss's gradient with respect to the pixels, where the attack begins. */
  gradient: number;
}

/** Attacks on probabilities and on logits from the same picture: one stands still where the other goes on. */
export function saturationFigure(traces: readonly GradientTrace[], options: FindingOptions): Figure {
  const colours = [palette.warning, palette.model];
  const told = traces.map(
    ({ name, lead, gradient }) =>
      `${name}: the lead goes from ${lead[0]!.toFixed(1)} to ${lead.at(-1)!.toFixed(1)} logits, the gradient's largest ` +
      `value at the start is ${gradient.toPrecision(2)}`,
  );
  const place = { xref: 'paper', x: 0.01, xanchor: 'left', y: 0, yanchor: 'top', font: { size: 13 } };
  const still = traces.filter(({ lead }) => lead.at(-1) === lead[0]).map(({ name }) => name);
  const steps = traces[0]!.lead.length - 1;
  return chart(options, {
    finding: still.length
      ? `In ${steps} steps the attack ${still.join(' and ')} does not move at all`
      : `The lead in ${steps} steps: ${traces.map(({ name, lead }) => `${name} ${lead.at(-1)!.toFixed(1)}`).join(', ')}`,
    says: `${told.join('; ')}.`,
    marks: traces.map(({ name, lead }, i) =>
      marks.line({
        name,
        x: lead.map((_, step) => step),
        y: lead,
        color: colours[i % 2],
        width: 3,
        marker: { size: 6 },
        hover: 'step %{x}<br>lead %{y:.3~g} logits',
      }),
    ),
    height: 380,
    x: { title: 'step', extra: { dtick: 1 } },
    y: { title: 'lead of the class to be left, in logits' },
    extra: {
      shapes: [marks.guide({ y: 0 }, { color: palette.muted, dash: 'dash', width: 1 })],
      annotations: [
        marks.note('below 0: the other answer', place),
        ...traces.map(({ name, lead }, i) => {
          const middle = Math.floor(lead.length / 2);
          const at = { x: middle, y: lead[middle]!, xanchor: 'left', yanchor: 'bottom', xshift: 6, font: { size: 13 } };
          return marks.note(name, at, colours[i % 2]);
        }),
      ],
    },
  });
}
