import { DescentError } from '../errors';
import type { Stop } from './interrupt';
import type { Start, Values } from './variables';

/**
 * What every run of the loop leaves behind: plain numbers, ready for a chart, a table or JSON.
 * `loss[k]` is the loss of the state after k updates, so a run of n iterations has n + 1 losses.
 */
export interface Run {
  /** The number of updates that were made. */
  iterations: number;
  /** The loss after 0, 1, 2 ... updates, in the loss's own unit. */
  loss: number[];
  /** Why the run ended before its last iteration, if it did. */
  stopped?: Stop | 'callback';
  /** Whether its steps ran as generated code, and not operation by operation. */
  compiled: boolean;
  /** Why not, if it was to be compiled. */
  notCompiled?: string;
}

/** A run with its states: what it leaves behind unless it is told `record: false`. */
export interface Trajectory<S extends Record<string, Start>, R = Values<S>> extends Run {
  /** What `record` returned; by default the values of all variables. */
  records: R[];
  /** `recorded[i]` is the number of updates made before `records[i]` was taken. */
  recorded: number[];
  /** The variables' last values. */
  final: Values<S>;
}

/** The loss or a gradient stopped being finite. Holds the trajectory up to there; its `final` is where it diverged. */
export class DivergenceError<
  S extends Record<string, Start> = Record<string, Start>,
  R = unknown,
> extends DescentError {
  /** Tells it apart from other errors in a log. */
  override name = 'DivergenceError';
  /** The run up to there. */
  readonly trajectory!: Trajectory<S, R>;

  /**
   * @param iteration the number of updates made
   * @param trajectory the run up to there
   */
  constructor(
    message: string,
    readonly iteration: number,
    trajectory: Trajectory<S, R>,
  ) {
    super(message);
    // not enumerable: printing the error does not print every state
    Object.defineProperty(this, 'trajectory', { value: trajectory, enumerable: false });
  }
}
