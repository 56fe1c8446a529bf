// What tfjs' own gradients lack or do otherwise than TensorFlow in Python; they are registered in place of its own, for
// the whole process.
import { registerGradient } from '@tensorflow/tfjs';
import { lackingGradients } from './lacking';
import { minMaxGradients } from './min-max';

for (const gradient of [...minMaxGradients, ...lackingGradients]) registerGradient(gradient);
