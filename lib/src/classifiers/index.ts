export { answersTo, classify, type Answer, type Classification } from './answers';
export { classifierOf, type Classifier } from './classifier';
export { loadClassifier } from './load-classifier';
export { importKeras, importModel, type ModelImportOptions } from './keras/import-model';
export { describeModel, type ModelCard, type ModelStatement } from './model-card';
export { openModel, saveModel } from './model-folder';
export { type Reading } from './reading';
export { type WeightFormat } from './pack-weights';
