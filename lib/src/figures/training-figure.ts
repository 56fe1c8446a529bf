import { axis, chart, marks, seriesColor } from './chart';
import { roundNumber } from './chart/round';
import type { Figure, FindingOptions, JsonObject } from './chart';
import { share } from './chart/words';
import type { Epoch } from '../training/history';

/** What is drawn of each epoch, panel by panel: on the photos that are trained on, and on those to test with. */
const CURVES = [
  { training: 'loss', test: 'testLoss', unit: 1, says: 'loss %{y:.4~g} nats' },
  { training: 'accuracy', test: 'testAccuracy', unit: 100, says: 'accuracy %{y:.1f} %' },
] as const;

/**
 * Loss and accuracy against epochs: dashed on the photos that are trained on, drawn through on those to test with.
 * Takes the trainings by name: one, or several side by side.
 */
export function trainingFigure(runs: Record<string, readonly Epoch[]>, options: FindingOptions): Figure {
  const entries = Object.entries(runs);
  const curve = (run: string, i: number, panel: number, photos: 'training' | 'test'): JsonObject[] => {
    const { [photos]: key, unit, says } = CURVES[panel]!;
    const history = runs[run]!;
    if (history.some((epoch) => epoch[key] === undefined)) return [];
    const name = entries.length > 1 ? `${run}, ${photos}` : photos;
    return [
      marks.line({
        name,
        group: name,
        legend: panel === 0,
        panel,
        x: history.map(({ epoch }) => epoch),
        y: history.map((epoch) => unit * epoch[key]!),
        color: seriesColor(i),
        dash: photos === 'test' ? 'solid' : 'dash',
        marker: { size: 5 },
        hover: `epoch %{x}<br>${says}`,
      }),
    ];
  };
  const sentences = entries.map(([run, history]) => {
    const last = history.at(-1);
    if (!last) return `${run}: no epoch yet.`;
    const tested = last.testAccuracy === undefined ? '' : `, ${share(last.testAccuracy)} of the test photos`;
    return (
      `${run}: after ${last.epoch} epochs the loss is ${roundNumber(last.loss, 3)} and ${share(last.accuracy)} ` +
      `of the training photos are classified right${tested}.`
    );
  });
  const longest = Math.max(1, ...entries.map(([, history]) => history.length));
  const epochs = axis({ title: 'epoch', extra: { dtick: Math.ceil(longest / 10) } });
  const tests = entries.flatMap(([run, history]) => {
    const accuracy = history.at(-1)?.testAccuracy;
    return accuracy === undefined ? [] : [`${entries.length > 1 ? `${run} ` : ''}${Math.round(100 * accuracy)} %`];
  });
  return chart(options, {
    finding: tests.length
      ? `Right about test photos after ${longest} epochs: ${tests.join(', ')}`
      : `Loss and accuracy on the training photos in ${longest} epochs`,
    says: `Loss and accuracy by epoch, training dashed, test drawn through. ${sentences.join(' ')}`,
    marks: [0, 1].flatMap((panel) =>
      entries.flatMap(([run], i) => (['training', 'test'] as const).flatMap((photos) => curve(run, i, panel, photos))),
    ),
    legend: 'grouped',
    headings: 1,
    grid: {
      columns: 2,
      panels: [
        { x: epochs, y: axis({ title: 'cross-entropy', unit: 'nats' }), title: 'loss' },
        { x: epochs, y: axis({ title: 'accuracy', unit: '%' }), title: 'accuracy' },
      ],
    },
  });
}
