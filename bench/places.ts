import { join } from 'node:path';

/** The project's folder, and where the benchmark keeps what can be made again; both sides' files lie there. */
export const root = join(__dirname, '..');
export const scratch = join(root, '.setup', 'bench');
/** The last full result. */
export const results = join(root, 'bench', 'results');
