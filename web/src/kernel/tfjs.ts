// @tensorflow/tfjs as the kernel has it: without the WebGL backend, which works in few workers, and without tf.data and
// graph models, which read from a network that a page like this never asks: four tenths of the weight.
import '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';

export * from '@tensorflow/tfjs-core';
export * from '@tensorflow/tfjs-layers';
export * from '@tensorflow/tfjs-backend-cpu';
