export { startAndTargetFigure, type StartAndTarget } from './start-and-target';
export { spreadRunFigure, type SpreadRunOptions, type SpreadRunView } from './spread-run';
export { pushesFigure, type Pushes } from './pushes';
export { sphereFigure, type SphereOptions, type SphereRun } from './sphere';
export { angleHistogramFigure, angleMapsFigure, type BeforeAndAfter } from './angles';
export { famousFigure, sphereTableFigure, type SphereTableOptions } from './tables';
export { costFigure, endsFigure, lossShareFigure, type Ends, type EndsOptions, type LossShareOptions } from './losses';
