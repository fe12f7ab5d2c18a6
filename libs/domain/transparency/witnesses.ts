import { messageOf } from '#kernel';
import {
  addCheckpointBody,
  addSignatures,
  consistencyProof,
  enoughWitnesses,
  parseVerifierKey,
  readWitnessAnswer,
  type ReadTile,
  type WitnessPolicy,
} from '#engines/tlog';
import { LogError } from './errors.js';

/** Sends one request to a witness. The operator chose the address. */
export type PostToWitness = (url: string, body: string) => Promise<{ status: number; body: string }>;

/** What a witness did that people must know of. */
export type WitnessAlarm = (witness: string, reason: string) => void;

/** The tree as it is stored. */
export interface TreeNow {
  readTile: ReadTile;
  /** Entries that are signed for by now. */
  sizeNow: () => Promise<number>;
}

type Witness = WitnessPolicy['witnesses'][number];

/** Times that a witness may say which size it holds before it is left for the next checkpoint. */
const TRIES = 3;

/** Asks witnesses to sign checkpoints (C2SP tlog-witness), and remembers how far each of them is. */
export class Witnesses {
  private readonly seen = new Map<string, number>();

  constructor(
    private readonly policy: WitnessPolicy,
    private readonly post: PostToWitness,
    private readonly alarm: WitnessAlarm,
  ) {}

  /**
   * Collects signatures of witnesses under a note.
   * @param size of the note's tree; `from` of the tree that was published before
   * @returns the note with their signatures
   * @throws LogError `log_not_witnessed` when fewer signed than the policy asks for
   */
  async sign(note: string, size: number, from: number, tree: TreeNow): Promise<string> {
    const asked = this.policy.witnesses.map(async (witness) => {
      try {
        return await this.ask(witness, note, size, from, tree);
      } catch (e) {
        this.alarm(witness.name, messageOf(e));
        return [];
      }
    });
    const lines = (await Promise.all(asked)).flat();
    const signed = lines.length ? addSignatures(note, lines) : note;
    if (enoughWitnesses(signed, this.policy)) return signed;
    throw new LogError(
      'log_not_witnessed',
      `A checkpoint of ${size} entries was signed by too few witnesses: ${this.policy.quorum} are needed. It is tried again.`,
    );
  }

  private async ask(witness: Witness, note: string, size: number, from: number, tree: TreeNow): Promise<string[]> {
    let old = this.seen.get(witness.name) ?? from;
    for (let tries = 1; tries <= TRIES; tries++) {
      const proof = old > 0 && old < size ? await consistencyProof(old, size, tree.readTile) : [];
      const url = `${witness.url.replace(/\/$/, '')}/add-checkpoint`;
      const { status, body } = await this.post(url, addCheckpointBody({ old, proof, note }));
      const answer = readWitnessAnswer(status, body, { note, old, verifiers: [parseVerifierKey(witness.vkey)] });
      if (answer.kind === 'signed') {
        this.seen.set(witness.name, size);
        return answer.lines;
      }
      if (answer.kind === 'refused') {
        this.alarm(witness.name, `refused the checkpoint of ${size} entries: ${answer.status} ${answer.message}`);
        return [];
      }
      if (answer.size > size) {
        // Another process of this service may be ahead; otherwise this log forgot something, or the witness lies.
        if ((await tree.sizeNow()) < answer.size)
          this.alarm(witness.name, `has seen this log with ${answer.size} entries; here it has ${size}`);
        return [];
      }
      old = answer.size;
    }
    this.alarm(witness.name, `answers another size each time, last ${old}`);
    return [];
  }
}
