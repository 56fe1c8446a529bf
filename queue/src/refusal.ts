import { DescentError } from 'descent-lab';

/** A job that this machine must not do, since its numbers would be others: another one has to. */
export class Refusal extends DescentError {
  override name = 'Refusal';
}

/** A job that this machine cannot do, since it has lost what it works with: it can do no other one either. */
export class Unable extends DescentError {
  override name = 'Unable';
}
