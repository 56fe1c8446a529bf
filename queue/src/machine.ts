import { DescentError, classifiers } from 'descent-lab';
import { decodePhoto } from 'descent-lab/internal';
import { folderHash } from './hashes';
import { patientRoot } from './patient-root';
import { photoRoot, type PhotoRoot } from './photo-root';
import { Refusal, Unable } from './refusal';

/** What a machine has to work with. Jobs name none of it: they only say by hash what it must be. */
export interface MachineOptions {
  /** The folder of the network. */
  model?: string;
  /** The folder of the second network, on which adversarial examples are tried too. */
  transferTo?: string;
  /** The folder or URL prefix below which the photos lie. */
  root?: string;
  /** Seconds that the photos' server may be away before this machine gives up. Default: then a read fails, with a ServerError. */
  patience?: number;
}

/** A GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** One process's networks and photos; a network is loaded when the first job needs it, and stays. */
export class Machine {
  private readonly loaded = new Map<string, Promise<classifiers.Classifier>>();
  private readonly hashes = new Map<string, string>();

  /** @param onWait told when the photos' server is waited for */
  constructor(
    private readonly options: MachineOptions,
    private readonly onWait?: (reason: string) => void,
  ) {}

  /** Looks whether what this machine has been given is there. @throws DescentError naming what is not */
  async check(): Promise<void> {
    const { model, transferTo, root } = this.options;
    for (const folder of [model, transferTo])
      if (folder !== undefined) (await classifiers.loadClassifier(folder)).dispose();
    if (root === undefined) return;
    const problem = await photoRoot(root).problem();
    if (problem !== undefined) throw new DescentError(`--root: ${problem}`);
    await decodePhoto(PIXEL, { height: 1, width: 1, channels: 1 }, 'a picture'); // else every photo is an unreadable one
  }

  /** The network of that hash. @throws Refusal when this machine has another one or none, Unable when it cannot read it */
  async network(which: 'model' | 'transferTo', hash: string): Promise<classifiers.Classifier> {
    const folder = this.options[which];
    const option = which === 'model' ? '--model' : '--transfer-to';
    if (folder === undefined) throw new Refusal(`the job needs a network, and this worker has no ${option}`);
    try {
      const own = this.hashes.get(folder) ?? folderHash(folder);
      this.hashes.set(folder, own);
      if (own !== hash) {
        throw new Refusal(
          `the network in ${folder} is another one than the run's: its sha256 is ${own.slice(0, 12)}, ` +
            `not ${hash.slice(0, 12)}. Give this worker the same ${option} as the run`,
        );
      }
      const network = this.loaded.get(folder) ?? classifiers.loadClassifier(folder);
      this.loaded.set(folder, network);
      return await network;
    } catch (error) {
      // not the job's fault: the run has read these files
      throw error instanceof Refusal ? error : new Unable(`${option}: ${(error as Error).message}`);
    }
  }

  /** Where the photos are. @throws Refusal when this machine has none */
  get photos(): PhotoRoot {
    const { root, patience } = this.options;
    if (root === undefined) throw new Refusal('the job needs photos, and this worker has no --root');
    return patience === undefined ? photoRoot(root) : patientRoot(photoRoot(root), patience, this.onWait);
  }
}
