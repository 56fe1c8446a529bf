// From the start of the process to the first gradient.
import lab from 'descent-lab';

const { tf } = lab;
console.log(
  tf
    .grad((x) => x.square().sum())(tf.tensor1d([1, 2]))
    .arraySync(),
);
