import {
  axis,
  baseLayout,
  panelAxes,
  panels,
  round,
  roundNumber,
  seriesColor,
  type Figure,
  type JsonObject,
} from './chart';
import type { Epoch } from '../training/history';

/** What the figure of a training shows. */
export interface TrainingFigureOptions {
  /** The figure's name, in kebab case. */
  name: string;
  /** The finding. */
  title: string;
  /** The trainings by name: one, or several side by side. */
  runs: Record<string, readonly Epoch[]>;
}

/** Loss and accuracy against epochs: dashed on the photos that are trained on, drawn through on those to test with. */
export function trainingFigure({ name, title, runs }: TrainingFigureOptions): Figure {
  const entries = Object.entries(runs);
  const curve = (
    run: string,
    i: number,
    panel: number,
    history: readonly Epoch[],
    key: 'loss' | 'accuracy',
    test: boolean,
  ): JsonObject[] => {
    const values = history.map((epoch) => (test ? epoch[key === 'loss' ? 'testLoss' : 'testAccuracy'] : epoch[key]));
    if (values.some((value) => value === undefined)) return [];
    const label = [entries.length > 1 ? run : '', test ? 'test' : 'training'].filter(Boolean).join(', ');
    return [
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: label,
        legendgroup: label,
        showlegend: panel === 0,
        x: history.map(({ epoch }) => epoch),
        y: round((values as number[]).map((value) => (key === 'accuracy' ? 100 * value : value))),
        line: { color: seriesColor(i), width: 2, dash: test ? 'solid' : 'dash' },
        marker: { size: 5 },
        hovertemplate: `epoch %{x}<br>${key === 'loss' ? 'loss %{y:.4~g} nats' : 'told right %{y:.1f} %'}<extra>${label}</extra>`,
        ...panelAxes(panel),
      },
    ];
  };
  const data = (['loss', 'accuracy'] as const).flatMap((key, panel) =>
    entries.flatMap(([run, history], i) => [false, true].flatMap((test) => curve(run, i, panel, history, key, test))),
  );
  const sentences = entries.map(([run, history]) => {
    const last = history.at(-1);
    if (!last) return `${run}: no epoch yet.`;
    const percent = (part: number): string => `${roundNumber(100 * part, 3)} %`;
    const tested = last.testAccuracy === undefined ? '' : `, ${percent(last.testAccuracy)} of the test photos`;
    const loss = roundNumber(last.loss, 3);
    return (
      `${run}: after ${last.epoch} epochs the loss is ${loss} and ${percent(last.accuracy)} ` +
      `of the training photos are told right${tested}.`
    );
  });
  const epochs = axis({
    title: 'epoch',
    extra: { dtick: Math.max(1, Math.ceil(Math.max(1, ...entries.map(([, h]) => h.length)) / 10)) },
  });
  return {
    name,
    description: `Loss and accuracy by epoch, training dashed, test drawn through. ${sentences.join(' ')}`,
    data,
    layout: {
      ...baseLayout({ title, legend: 'grouped', headings: 1 }),
      ...panels({
        columns: 2,
        panels: [
          { x: epochs, y: axis({ title: 'cross-entropy', unit: 'nats' }), title: 'loss' },
          { x: epochs, y: axis({ title: 'told right', unit: '%' }), title: 'accuracy' },
        ],
      }),
    },
  };
}
