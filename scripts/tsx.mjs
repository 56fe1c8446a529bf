// Lets Node run this project's TypeScript: node --import ./scripts/tsx.mjs scripts/fit.ts
//
// Plain tsx keeps what it compiles in the system's folder for temporary files, which all users share, and runs what
// lies there whoever put it there. To compile anew takes no longer than to read it.
process.env.TSX_DISABLE_CACHE = '1';
await import('tsx');
