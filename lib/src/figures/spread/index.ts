export { startAndTargetFigure } from './start-and-target';
export { spreadRunFigure, type SpreadRunOptions, type SpreadRunView } from './spread-run';
export { sphereFigure, type SphereOptions } from './sphere';
export { angleHistogramFigure, angleMapsFigure, MOST_IN_ANGLE_MAPS, type AnglesOptions } from './angles';
export { famousFigure, sphereTableFigure, type FamousRow, type SphereRow } from './tables';
export { costFigure, endsFigure, lossShareFigure, type CostRow, type Ends, type LossRow } from './losses';
