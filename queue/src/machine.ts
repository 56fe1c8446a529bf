import { DescentError, loadClassifier, type Classifier } from 'descent-lab';
import { folderHash } from './hashes';
import { photoRoot, type PhotoRoot } from './photo-root';

/** What a machine has to work with. Jobs name none of it: they only say by hash what it must be. */
export interface MachineOptions {
  /** The folder of the network. */
  model?: string;
  /** The folder of the second network, on which victims are tried too. */
  transferTo?: string;
  /** The folder or URL prefix below which the photos lie. */
  root?: string;
}

/** A job that this machine must not do, since its numbers would be others: another one has to. */
export class Refusal extends DescentError {
  override name = 'Refusal';
}

/** One process's networks and photos; a network is loaded when the first job needs it, and stays. */
export class Machine {
  private readonly loaded = new Map<string, Promise<Classifier>>();
  private readonly hashes = new Map<string, string>();

  constructor(private readonly options: MachineOptions) {}

  /** The network of that hash. @throws Refusal when this machine's is another one, or has none */
  async network(which: 'model' | 'transferTo', hash: string): Promise<Classifier> {
    const folder = this.options[which];
    const option = which === 'model' ? '--model' : '--transfer-to';
    if (folder === undefined) throw new Refusal(`the job needs a network, and this worker has no ${option}`);
    const own = this.hashes.get(folder) ?? folderHash(folder);
    this.hashes.set(folder, own);
    if (own !== hash) {
      throw new Refusal(`the network in ${folder} is another one than the run's: its sha256 is ${own.slice(0, 12)}, ` +
        `not ${hash.slice(0, 12)}. Give this worker the same ${option} as the run`);
    }
    const network = this.loaded.get(folder) ?? loadClassifier(folder);
    this.loaded.set(folder, network);
    return network;
  }

  /** Where the photos are. @throws Refusal when this machine has none */
  get photos(): PhotoRoot {
    const { root } = this.options;
    if (root === undefined) throw new Refusal('the job needs photos, and this worker has no --root');
    return photoRoot(root);
  }
}
