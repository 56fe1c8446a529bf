import type { Stop } from '../descent';
import { minAngleDegrees, rieszEnergy } from './measure';
import { unitVectors } from './starts';

/** What a search found. */
export interface SearchResult {
  /** The best vectors found, of length 1. */
  vectors: number[][];
  /** Their least angle in degrees, in double precision. */
  minAngleDegrees: number;
  /** Their electric energy, in double precision. */
  energy: number;
  /** What each restart ended with: its least angle in degrees or its energy; in the order of the restarts. */
  found: number[];
  /** Where the best ones started. */
  start: number[][];
  /** Updates of all starts together. */
  iterations: number;
  /** Why the search ended early, if it did. */
  stopped?: Stop | 'callback';
}

/** What a search is after. */
export interface Judge {
  score: (vectors: number[][]) => number;
  better: (a: number, b: number) => boolean;
  /** Whether nothing can be better, so that the remaining restarts can be spared. */
  enough?: (score: number) => boolean;
}

/** What some restarts, one after another, ended with: each one's score, and the best of them. */
export interface FoundPart {
  /** In the order of the restarts: each one's least angle in degrees, or its energy. */
  scores: number[];
  /** The vectors of the best restart, where they started, and their score. */
  best: { vectors: number[][]; start: number[][]; score: number };
  /** Why it ended early, if it did. */
  stopped?: SearchResult['stopped'];
}

/** Keeps the best of what restarts end with. */
export class Found {
  stopped: SearchResult['stopped'];
  private readonly scores: number[] = [];
  private best?: FoundPart['best'];

  constructor(private readonly judge: Judge) {}

  /** Adds what the next restarts found: parts in their order give the same as their restarts one by one. */
  add({ scores, best, stopped }: FoundPart): void {
    this.scores.push(...scores);
    if (!this.best || this.judge.better(best.score, this.best.score)) this.best = best;
    this.stopped = stopped;
  }

  /** How many restarts have been added. */
  get count(): number {
    return this.scores.length;
  }

  get enough(): boolean {
    return this.best !== undefined && (this.judge.enough?.(this.best.score) ?? false);
  }

  /** The best so far, in words. */
  get note(): string {
    return this.best ? `best so far ${minAngleDegrees(this.best.vectors).toFixed(4)}°` : '';
  }

  result(iterations: number): SearchResult {
    const { start, vectors: found } = this.best!;
    const vectors = unitVectors(found);
    return {
      vectors,
      start,
      found: this.scores,
      iterations,
      stopped: this.stopped,
      minAngleDegrees: minAngleDegrees(vectors),
      energy: rieszEnergy(vectors),
    };
  }
}
