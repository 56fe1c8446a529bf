// In a page: what ../backend.ts is in Node. The plain backend is there at once; `startBackend` brings a faster one.
import './globals';
import * as tf from '@tensorflow/tfjs';

tf.env().set('PROD', true); // otherwise tfjs prints a banner
tf.setBackend('cpu').catch((error: unknown) => {
  throw error;
});
