export { answersTo, classify, type Answer, type Classification } from './answers';
export { classifierOf, loadClassifier, type Classifier } from './classifier';
export { importKeras, type KerasImportOptions } from './keras/import-keras';
export { describeModel, type ModelCard, type ModelStatement } from './model-card';
export { openModel, saveModel } from './model-folder';
export { type Reading } from './reading';
export { type WeightFormat } from './pack-weights';
