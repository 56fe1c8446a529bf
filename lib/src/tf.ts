// The one door to TensorFlow: everything here and every reader imports `tf` from this file, so that what must happen
// before the first import (./backend), and before the first gradient (./kernels), has happened.
import './backend';
import './kernels';

/**
 * TensorFlow.js, with TensorFlow's native library where it is installed, and with the gradients of TensorFlow in Python
 * where its own differ: values that tie for a `min` or `max` share its gradient in equal parts.
 */
export * as tf from '@tensorflow/tfjs';
