export { clipByGlobalNorm, clipByNorm, clipByValue } from './clip';
export { correctBias, scaleByLearningRate, scaleBySign } from './scale';
export { interpolate, trace } from './trace';
export { scaleByDeviation, scaleByRootMeanSquare, scaleByRootSumSquares, scaleByUpdateRatio } from './root-mean-square';
export { scaleByMaximum, scaleByMoments, scaleByNesterovMoments, type MomentsOptions } from './moments';
export { followTheLeader, type FtrlOptions } from './follow-the-leader';
