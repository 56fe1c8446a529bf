import { axis, baseLayout, palette, round, type Figure } from '../chart';

/** An attack's lead in logits and the largest value of its gradient, step by step. */
export interface GradientTrace {
  /** What is said of it in the legend. */
  name: string;
  /** By how many logits the class to be left leads; below zero it has lost. */
  lead: readonly number[];
  /** The largest absolute value of the loss's gradient with respect to the pixels. */
  gradient: readonly number[];
}

/** Attacks on probabilities and on logits from the same picture: one stands still where the other goes on. */
export function saturationFigure({
  name,
  title,
  traces,
}: {
  name: string;
  title: string;
  traces: readonly GradientTrace[];
}): Figure {
  const colours = [palette.warning, palette.model];
  return {
    name,
    description:
      traces
        .map(
          ({ name: trace, lead, gradient }) =>
            `${trace}: the lead goes from ${lead[0]!.toFixed(1)} to ` +
            `${lead.at(-1)!.toFixed(1)} logits, the gradient's largest value at the start is ` +
            `${gradient[0]!.toPrecision(2)}`,
        )
        .join('; ') + '.',
    data: traces.map(({ name: trace, lead }, i) => ({
      type: 'scatter',
      mode: 'lines+markers',
      name: trace,
      x: lead.map((_, step) => step),
      y: round([...lead]),
      line: { color: colours[i % 2]!, width: 3 },
      marker: { size: 6 },
      hovertemplate: `step %{x}<br>lead %{y:.3~g} logits<extra>${trace}</extra>`,
    })),
    layout: {
      ...baseLayout({ title, height: 400, legend: true }),
      xaxis: axis({ title: 'step', extra: { dtick: 1 } }),
      yaxis: axis({ title: 'lead of the class to be left, in logits' }),
      shapes: [
        {
          type: 'line',
          xref: 'paper',
          x0: 0,
          x1: 1,
          y0: 0,
          y1: 0,
          line: { color: palette.muted, dash: 'dash', width: 1 },
        },
      ],
      annotations: [
        {
          text: 'below this line the answer is the other one',
          showarrow: false,
          xref: 'paper',
          x: 0.01,
          y: 0,
          xanchor: 'left',
          yanchor: 'top',
          font: { color: palette.data },
        },
      ],
    },
  };
}
