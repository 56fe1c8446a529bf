// What the commands use; it runs as it is, by tsx.
export { serveGallery } from './gallery/serve';
export { makeHandouts, papers, type Paper } from './handout/handout';
export { checkCommitted } from './notebooks/committed';
export { writeIfChanged } from './notebooks/files';
export { jupyterEnv, labArguments, venvBin } from './notebooks/jupyter';
export { ownRoot, projectAt, type Project } from './notebooks/project';
export { renderGif } from './notebooks/render-gif';
export { lessonNames, missingGifs, notebookNames, runNotebooks } from './notebooks/run';
export { buildSite } from './site/build';
export { makeSlides } from './slides/slides';
