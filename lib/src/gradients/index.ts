// What tfjs' own gradients lack or do otherwise than TensorFlow in Python; they are registered in place of its own, for
// the whole process.
import { registerGradient } from '@tensorflow/tfjs';
import { minMaxGradients } from './min-max';
import { scatterGradient } from './scatter';

for (const gradient of [...minMaxGradients, scatterGradient]) registerGradient(gradient);
