// Layers that Keras has and that tfjs lacks or computes otherwise: known to tfjs once this is loaded.
import './convolutions';
import './normalisations';
import './places';
import './resizing';
import './subtract';

export { ownActivations } from './activations';
