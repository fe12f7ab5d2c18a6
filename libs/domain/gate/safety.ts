import type { Category } from '#contracts';
import type { Clip, Transaction } from '#platform/database';
import { ClipError } from './errors.js';

/** What readers found in a clip that is out, or was. */
export interface SafetyFinding {
  category: Category;
  reason: string;
  /** `staff:<id>` or `key:<id>`. */
  by: string;
}

/** Whoever takes refusals that concern the safety of children out of everybody's sight. */
export interface SafetyDesk {
  /**
   * Told of every refusal, in its transaction: a refusal cannot be written without it. Where it concerns children, the
   * clip's words, files and inspection are taken under seal and its row loses them.
   * @param clip as it stands after the refusal
   */
  refused(tx: Transaction, clip: Clip): Promise<void>;
  /**
   * The same for a clip that no refusal stops any more: one that readers end after its release, or whose end they confirm on appeal.
   * Called in the transaction that settles their decision; does nothing where it does not concern children, or is under seal.
   */
  found(tx: Transaction, clip: Clip, finding: SafetyFinding): Promise<void>;
}

/** What stands in a clip's row in place of words that are under seal. */
export const SEALED_WORDS = '[sealed]';

/** @throws ClipError `clip_sealed` when the clip's evidence was taken under seal */
export function assertUnsealed({ sealedAt }: Pick<Clip, 'sealedAt'>): void {
  if (sealedAt === null) return;
  throw new ClipError(
    'forbidden',
    'clip_sealed',
    'This clip was taken under seal: nothing of it is shown here. Its case is for people with the scope child_safety.',
  );
}

/** Keeps files from deletion although no clip names them any more, until {@link dropHolds}. */
export async function holdFiles(tx: Transaction, holder: string, hashes: readonly string[]): Promise<void> {
  const data = [...new Set(hashes)].map((sha256) => ({ sha256, holder }));
  await tx.fileHold.createMany({ data, skipDuplicates: true });
}

/** Ends a hold of {@link holdFiles} on one file. */
export async function dropHold(tx: Transaction, holder: string, sha256: string): Promise<void> {
  await tx.fileHold.deleteMany({ where: { holder, sha256 } });
}
