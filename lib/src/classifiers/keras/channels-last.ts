import type { NetworkNode } from '../flatten';
export const toChannelsLast = (nodes: readonly NetworkNode[]): readonly NetworkNode[] => nodes;
