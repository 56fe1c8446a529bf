import { tf } from './tf';

/** `tf.tidy` for what holds no tensor: it would look through every element of a list for one. */
export function tidily<R>(compute: () => R): R {
  let result: R;
  tf.tidy(() => {
    result = compute();
  });
  return result!;
}
