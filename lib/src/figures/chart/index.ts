export type { Figure, FigureOptions, FindingOptions, Json, JsonObject } from './figure';
export { palette, seriesColor } from './palette';
export { axis, baseLayout, type AxisOptions, type BaseLayoutOptions } from './layout';
export { panelAxes, panels, type Panel, type PanelsOptions } from './panels';
export { chart, type ChartParts } from './chart';
export * as marks from './marks';
export { pickFrames } from './frames';
export { animate, type AnimateOptions, type FrameState } from './animate';
export { round } from './round';
