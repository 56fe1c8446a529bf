/** Plain JSON, as Plotly's schema wants it: https://plotly.com/javascript/reference/ */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json | undefined };
/** One trace, layout or frame of a Plotly figure. */
export type JsonObject = { [key: string]: Json | undefined };

/**
 * A chart as data: what Plotly draws, with a name for its files and a sentence for those who cannot see it.
 * Figures are made by pure functions and hold plain arrays only (typed arrays serialise as objects).
 */
export interface Figure {
  /** File name without extension, in kebab case: `fit-three-lines`. Unique in a notebook. */
  name: string;
  /** What the figure shows, in a sentence or two, with its numbers: the text alternative. */
  description: string;
  /** Plotly's traces, in plain numbers. */
  data: JsonObject[];
  /** Plotly's layout. */
  layout: JsonObject;
  /** The states of an animation, if it is one. */
  frames?: { name: string; data: JsonObject[]; traces?: number[]; layout?: JsonObject }[];
}

/** What every function that makes a figure takes second, after its data. */
export interface FigureOptions {
  /** The figure's name, in kebab case: that of its files, unique in a notebook. */
  name: string;
  /** The finding, as a sentence or part of one. */
  title: string;
  /** The text alternative. Default: the data's own numbers, in words. */
  description?: string;
}

/** The same for a figure that finds its title in its data, where none is given. */
export type FindingOptions = Omit<FigureOptions, 'title'> & Partial<Pick<FigureOptions, 'title'>>;
