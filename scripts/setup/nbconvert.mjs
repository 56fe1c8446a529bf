// Step: settings by which nbconvert's pages keep the charts' alternative texts, also where it is called by hand.
import path from 'node:path';
import { digest, textOf, venv, writeWhole } from './project.mjs';

const settings = 'publish/nbconvert/jupyter_config.py';

export const nbconvert = {
  title: 'nbconvert settings',
  detail: 'jupyter_config.py into .venv',
  stamp: '.venv/etc/jupyter/.set-up',
  key: () => digest(textOf(settings)),
  install() {
    writeWhole(path.join(venv, 'etc', 'jupyter', 'jupyter_config.py'), textOf(settings));
  },
};
