export { buildCatsDogs } from './cats-dogs';
export { classifierOf, loadClassifier, type Classifier } from './classifier';
export { architectureNames, importKeras, type KerasImportOptions } from './keras/import-keras';
export { describeModel, type ModelCard, type ModelStatement } from './model-card';
export { modelClasses, openModel, saveModel } from './model-folder';
export { readingNote, type Reading } from './reading';
export { weightFormats, type WeightFormat } from './pack-weights';
