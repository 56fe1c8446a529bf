// Programs without TypeScript's account of which file needs which, made anew for all files at each cell: most of what a
// cell takes that imports nothing. tslab only asks what the cell itself needs.
import { ts } from './tslab.mjs';

/** In place of TypeScript's own, for `createWatchCompilerHost`. */
export function createBuilder(...args) {
  const builder = ts.createAbstractBuilder(...args);
  const program = builder.getProgram();
  // tslab reads the names of a cell before anything checks it, which is when TypeScript would look for them.
  for (const name of program.getRootFileNames()) {
    const file = program.getSourceFile(name);
    if (file) ts.bindSourceFile(file, program.getCompilerOptions());
  }
  return { ...builder, getAllDependencies: (file) => dependenciesOf(program, file) };
}

/** The names of the files that a file needs, itself the first. */
function dependenciesOf(program, file) {
  const isGlobal = file.moduleAugmentations.some((name) => ts.isGlobalScopeAugmentation(name.parent));
  if (isGlobal) return program.getSourceFiles().map(({ fileName }) => fileName);
  const found = new Set();
  const waiting = [file];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (!next || found.has(next)) continue;
    found.add(next);
    next.resolvedModules?.forEach(({ resolvedModule }) => {
      if (resolvedModule) waiting.push(program.getSourceFile(resolvedModule.resolvedFileName));
    });
    for (const { fileName } of next.referencedFiles) {
      waiting.push(program.getSourceFile(ts.resolvePath(ts.getDirectoryPath(next.fileName), fileName)));
    }
  }
  return [...found].map(({ fileName }) => fileName);
}
