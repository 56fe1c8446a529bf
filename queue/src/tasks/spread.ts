import { searchBatch, spreadPlans, Starts, type FoundPart } from 'descent-lab/internal';
import type { SpreadJob } from '../jobs';

/** The starts of the search that this process works at: going on from a batch to a later one draws only what is new. */
let last: { search: string; starts: Starts } | undefined;

export async function spreadTask({
  loss,
  first,
  count,
  task: _,
  code: _code,
  ...search
}: SpreadJob): Promise<FoundPart> {
  const key = JSON.stringify(search);
  if (last?.search !== key) last = { search: key, starts: new Starts(search, search.restarts) };
  return searchBatch(spreadPlans[loss](search), last.starts, { first, count });
}
