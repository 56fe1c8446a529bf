// What tfjs' own gradients lack or do otherwise than TensorFlow in Python; they are registered in place of its own, for
// the whole process and every backend.
import { registerGradient } from '@tensorflow/tfjs';
import { definitions } from './definitions';
import { einsumGradient } from './einsum';
import { minMaxGradients } from './min-max';
import { moves } from './moves';
import { scatters } from './scatter';
import { secondGradients } from './second';
import { completeKernels } from './borrowed';
import './tape';

for (const gradient of [...minMaxGradients, ...moves, ...scatters, ...definitions, einsumGradient, ...secondGradients])
  registerGradient(gradient);

for (const backend of ['cpu', 'tensorflow']) completeKernels(backend);
