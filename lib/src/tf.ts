// The one door to TensorFlow: everything here and every reader imports `tf` from this file, so that what must happen
// before the first import (./backend) has happened.
import './backend';

export * as tf from '@tensorflow/tfjs';
