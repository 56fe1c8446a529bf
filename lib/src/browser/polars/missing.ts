import { DescentError } from '../../errors';

/** What nodejs-polars has and a page has not, by what has it. */
const MISSING: Record<string, string> = {
  DataFrame:
    'explode extend fillNull fold groupByRolling groupByDynamic upsample hashRows insertAtIdx interpolate ' +
    'isDuplicated isUnique join joinAsof lazy unpivot nChunks partitionBy pivot quantile rechunk replaceAtIdx ' +
    'sample shift shiftAndFill shrinkToFit serialize toHTML toDataResource writeJSON writeAvro writeIPC ' +
    'writeIPCStream toStruct transpose unique unnest withRowCount add sub div mul rem plus minus divideBy ' +
    'multiplyBy modulo',
  Series:
    'serialize lst list date dt struct append argMax argMin argSort argTrue argUnique bitxor chunkLengths ' +
    'cumCount cumSum cumMax cumMin cumProd describe diff dot ewmMean ewmStd ewmVar explode extendConstant ' +
    'extend fillNull hash hasValidity interpolate isDateTime isDuplicated isFinite isFirstDistinct isInfinite ' +
    'implode isNaN isNotNaN isUnique kurtosis mode nChunks peakMax peakMin rank rechunk reinterpret ' +
    'rollingMax rollingMean rollingMin rollingSum rollingStd rollingVar rollingMedian rollingQuantile ' +
    'rollingSkew round clip scatter set sample shift shiftAndFill shrinkToFit skew gatherEvery toDummies ' +
    'toFrame toObject valueCounts zipWith',
  Expr:
    'serialize str lst date dt struct aggGroups arccos arccosh arcsin arcsinh arctan arctanh argMax argMin ' +
    'argSort argUnique backwardFill clip cos cosh cot cumCount cumMax cumMin cumProd cumSum diff dot ewmMean ' +
    'ewmStd ewmVar exclude explode extendConstant fillNan fillNull filter flatten forwardFill gather ' +
    'gatherEvery hash implode interpolate isDuplicated isFinite isInfinite isFirstDistinct isNan isNotNan ' +
    'isUnique keepName kurtosis list log1p lowerBound peakMax peakMin mode over rank reinterpret repeatBy ' +
    'replace replaceStrict reverse rollingMax rollingMean rollingMin rollingSum rollingStd rollingVar ' +
    'rollingMedian rollingQuantile rollingSkew round sample shift shiftAndFill skew sin sinh slice sortBy tan ' +
    'tanh upperBound where',
  GroupBy: 'pivot aggList groups head quantile tail',
  'Series.str':
    'concat decode encode extract jsonDecode jsonPathMatch lstrip padStart zFill padEnd rstrip slice split ' +
    'strptime',
  module:
    'Expr LazyDataFrame Config Field repeat scanCSV scanJson scanIPC scanParquet readIPC readIPCStream ' +
    'readJSON readAvro readCSVStream readJSONStream nth intRange intRanges argSortBy avg concatList ' +
    'concatString count cov exclude element first format groups head last len mean median nUnique pearsonCorr ' +
    'quantile select struct allHorizontal anyHorizontal minHorizontal maxHorizontal sumHorizontal ' +
    'spearmanRankCorr tail list when version Categorical List FixedSizeList Duration Time Object Null Struct ' +
    'Decimal SQLContext',
};

/**
 * Says of a name that nodejs-polars has, and a page has not, that it is so; of any other nothing.
 * @param kind what was asked for it
 * @param there what it has instead
 * @throws DescentError that lists what there is
 */
export function refuse(kind: string, name: string, there: readonly string[]): void {
  if (!` ${MISSING[kind]} `.includes(` ${name} `)) return;
  const owner = kind === 'module' ? '' : ` of ${kind}`;
  throw new DescentError(
    `nodejs-polars' ${name}${owner} is not there in a page: here are ${[...there].sort().join(', ')}`,
  );
}
