// What the project's kernel starts: tslab, with what it lacks of Jupyter's protocol. Each file of tslab-kernel/ mends one
// thing, and says what was wrong. None of them changes a file of tslab's: they replace functions before it begins.
import './tslab-kernel/sockets.mjs';
import './tslab-kernel/replies.mjs';
import './tslab-kernel/documentation.mjs';
import './tslab-kernel/properties.mjs';
import './tslab-kernel/execution.mjs';
import './tslab-kernel/comms.mjs';
import './tslab-kernel/reopened.mjs';
import './tslab-kernel/warm.mjs';
import { serveLost } from './tslab-kernel/lost.mjs';
import { tslab } from './tslab-kernel/tslab.mjs';

tslab('./dist/main.js').main();
serveLost(); // In place of what tslab listens with from now on.
