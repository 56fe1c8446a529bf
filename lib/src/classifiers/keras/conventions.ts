import type { NetworkNode } from '../flatten';
import type { LayerDescription } from '../layers';
export const pixelConvention = (
  _nodes: readonly NetworkNode[],
  _file: object,
): { range: readonly [number, number]; front: LayerDescription[]; note?: string } => ({ range: [0, 1], front: [] });
