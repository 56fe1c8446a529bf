export { startAndTargetFigure, type StartAndTarget } from './start-and-target';
export { spreadRunFigure, type SpreadRunOptions, type SpreadRunView } from './spread-run';
export { sphereFigure, type SphereRun } from './sphere';
export { angleHistogramFigure, angleMapsFigure, type BeforeAndAfter } from './angles';
export { famousFigure, sphereTableFigure, type FamousRow, type SphereRow, type SphereTableOptions } from './tables';
export {
  costFigure,
  endsFigure,
  lossShareFigure,
  type CostRow,
  type Ends,
  type EndsOptions,
  type LossRow,
  type LossShareOptions,
} from './losses';
