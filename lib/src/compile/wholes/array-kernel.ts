import type { Numbers } from '../../kernel';

/** The inputs of a kernel by name, and what it makes of them; it leaves them as they are. */
export type ArrayKernel = (
  inputs: Readonly<Record<string, Numbers | readonly Numbers[]>>,
  attributes: Readonly<Record<string, unknown>>,
) => Numbers[];
