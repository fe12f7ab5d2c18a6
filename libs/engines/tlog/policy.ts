import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf } from '#kernel';
import { TlogError } from './errors.js';
import { parseVerifierKey } from './keys.js';
import { checkNote } from './note.js';

const Document = z.strictObject({
  quorum: z.number().int().min(0),
  witnesses: z.array(
    z.strictObject({
      name: z.string().min(1),
      vkey: z.string().min(1),
      url: z.url({ protocol: /^https?$/ }),
    }),
  ),
});

/** Whose cosignatures a checkpoint needs: `quorum` of the witnesses. */
export interface WitnessPolicy {
  quorum: number;
  witnesses: {
    /** Name of its key. */
    name: string;
    /** `name+hex8+base64`, type 0x04. */
    vkey: string;
    /** Submission prefix: `/add-checkpoint` goes below it. */
    url: string;
  }[];
}

function fault(message: string): never {
  throw new TlogError('tlog_policy_invalid', `The policy of witnesses is not valid: ${message}`);
}

function fromYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    return fault(messageOf(error));
  }
}

/**
 * Reads a policy of witnesses from YAML or from what was read of it. Nothing, or an empty text, asks for no witness.
 * Throws TlogError `tlog_policy_invalid`: wrong shape, a quorum above the number of witnesses, a key that is no
 * cosignature key or is not of that name, and one key or name twice (it would count twice); `tlog_key_invalid` for a key
 * that cannot be read.
 */
export function parseWitnessPolicy(yamlOrObject: unknown): WitnessPolicy {
  const value = typeof yamlOrObject === 'string' ? fromYaml(yamlOrObject) : yamlOrObject;
  const checked = Document.safeParse(value ?? { quorum: 0, witnesses: [] });
  if (!checked.success) return fault(z.prettifyError(checked.error));
  const { quorum, witnesses } = checked.data;
  if (quorum > witnesses.length) fault(`it asks for ${quorum} of ${witnesses.length} witnesses.`);
  const keys = witnesses.map(({ name, vkey }) => {
    const key = parseVerifierKey(vkey);
    if (key.type !== 'cosignature') fault(`the key of ${name} is not of type 4 (cosignature/v1).`);
    if (key.name !== name) fault(`the key of ${name} is named ${key.name}.`);
    return key;
  });
  for (const part of ['name', 'publicKey'] as const) {
    if (new Set(keys.map((key) => key[part])).size < keys.length) fault('two witnesses share a name or a key.');
  }
  return checked.data;
}

/**
 * Whether enough witnesses of the policy cosigned a note. It does not look for the log's own signature: `openCheckpoint`
 * does. Throws as `openNote` does for a malformed note and for a wrong signature by one of the witnesses.
 */
export function enoughWitnesses(note: string, policy: WitnessPolicy): boolean {
  const verifiers = policy.witnesses.map(({ vkey }) => parseVerifierKey(vkey));
  return checkNote(note, verifiers).verified.length >= policy.quorum;
}
