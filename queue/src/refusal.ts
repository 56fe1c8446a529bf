import { DescentError } from 'descent-lab';

/**
 * A job that this machine must not do, since its numbers would be others, or cannot do, since it lacks what the job
 * needs: another one has to.
 */
export class Refusal extends DescentError {
  override name = 'Refusal';
}
