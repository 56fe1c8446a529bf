// Lets Node run this project's TypeScript: node --import ./scripts/tsx.mjs scripts/fit.ts
import tellTsx from './tsx-in-project.cjs';

const done = tellTsx();
await import('tsx');
done();
