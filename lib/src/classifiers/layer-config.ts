/** The options of those layers of tfjs that are computed by faster operations, when frozen and in training. */
export interface LayerConfig {
  activation?: string;
  dataFormat?: string;
  padding: 'valid' | 'same';
  epsilon: number;
  axis: number;
  rate: number;
  scale: boolean;
  center: boolean;
  strides: [number, number];
  poolSize: [number, number];
  dilationRate: [number, number];
}
