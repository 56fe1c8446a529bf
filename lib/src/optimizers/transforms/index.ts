export { correctBias, scaleByRate, scaleBySign } from './scale';
export { interpolate, trace } from './trace';
export { scaleByDeviation, scaleByRootMeanSquare, scaleByRootSumSquares, scaleByUpdateRatio } from './root-mean-square';
export { scaleByMaximum, scaleByMoments, scaleByNesterovMoments } from './moments';
export { followTheLeader } from './follow-the-leader';
