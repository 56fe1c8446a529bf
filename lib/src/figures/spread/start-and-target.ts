import { baseLayout, palette, panelAxes, panels, round, type Figure, type JsonObject } from '../chart';
import { minAngleDegrees } from '../../spread/measure';
import { arrowsTrace, circleAxes, circleTrace } from './circle';

/** Two states of vectors in the plane side by side: where they start, and where they are to go. */
export function startAndTargetFigure(start: number[][], target: number[][]): Figure {
  const angle = (vectors: number[][]): string => minAngleDegrees(vectors).toFixed(2);
  const layout = baseLayout({
    headings: 1,
    height: 350,
    title: `${start.length} vectors, the closest ${angle(start)}° apart, are to stand ${angle(target)}° apart`,
  });
  return {
    name: 'spread-start-and-target',
    description:
      `${start.length} vectors on the unit circle. Left, the start: the least angle is ${angle(start)} ` +
      `degrees. Right, the target: ${angle(target)} degrees.`,
    data: [
      { ...circleTrace(), ...panelAxes(0) },
      { ...round(arrowsTrace(start, palette.start)), ...panelAxes(0) },
      { ...circleTrace(), ...panelAxes(1) },
      { ...round(arrowsTrace(target, palette.optimum)), ...panelAxes(1) },
    ],
    layout: {
      ...layout,
      margin: { ...(layout['margin'] as JsonObject), b: 16 }, // no axis title below
      ...panels({
        columns: 2,
        panels: [
          { ...circleAxes(), title: 'start' },
          { ...circleAxes('x2'), title: 'target' },
        ],
      }),
    },
  };
}
