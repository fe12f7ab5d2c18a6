import { rm, writeFile } from 'node:fs/promises';
import type { CredentialsFinding } from '#contracts';
import { createCredentialsPool } from '#engines/credentials';
import { signedClaimOf } from '../../libs/engines/credentials/jumbf.js';
import { createWorld, smallClip, topLevelBoxes } from '../../libs/engines/credentials/testing.js';
import { createLightPki } from '../../libs/engines/credentials/testing/light-pki.js';
import { manifestBox, mutated, MUTATIONS, seededPick } from '../../libs/engines/credentials/testing/mutations.js';
import { CredentialsThread } from '../../libs/engines/credentials/thread.js';

/** Of each kind; public fuzzing of this library found nothing with as many. */
const EACH = 75;
const HUNG_MS = 20_000;
/** What precedes the manifest store in its box: header, type, version, purpose `manifest`, offset. */
const BOX_HEADER = 8 + 16 + 4 + 9 + 8;

type World = Awaited<ReturnType<typeof createWorld>>;
interface Survivor {
  kind: string;
  file: Buffer;
  finding: CredentialsFinding;
}

/** A remix of a clip of ours, so that the manifest of its parent is in the file as well. */
async function signedRemix(world: World): Promise<Buffer> {
  const pool = createCredentialsPool({ trust: world.trust, size: 1 });
  await world.file('small.mp4', await smallClip());
  const inputPath = world.at('small.mp4');
  await pool.sign(world.request('parent.mp4', { inputPath }));
  const parent = { path: world.at('parent.mp4'), mime: 'video/mp4', title: 'Parent' };
  await pool.sign(world.request('clip.mp4', { inputPath, parent }));
  await pool.close();
  return world.bytesOf('clip.mp4');
}

/** All that is seen, heard or decoded: every box but the credentials, and those that readers skip. */
const media = (file: Buffer) =>
  topLevelBoxes(file)
    .filter(({ type }) => !['uuid', 'free', 'skip', 'ftyp'].includes(type))
    .map(({ start, end }) => file.toString('latin1', start, end));

/** All that the signature vouches for: the claim, and each assertion whose hash is in it. */
function signedParts(file: Buffer, label: string): Uint8Array[] {
  const { start, end } = manifestBox(file);
  const { claim, assertions } = signedClaimOf(file.subarray(start + BOX_HEADER, end), label);
  return [claim, ...assertions.values()];
}

function withoutCodes({ codes, ...rest }: CredentialsFinding) {
  return { ...rest, failures: codes.filter((code) => /mismatch|missing|invalid/i.test(code)) };
}

it(`${EACH} files of each of ${Object.keys(MUTATIONS).length} kinds: none traps, hangs, poisons or reads as ours with other content`, async () => {
  const world = await createWorld(await createLightPki());
  const clip = await signedRemix(world);
  const path = world.at('mutated.mp4');
  let thread = new CredentialsThread();
  const read = async (bytes: Buffer) => {
    await writeFile(path, bytes);
    const job = { kind: 'read', path, mime: 'video/mp4', maxBytes: 1e6, trust: world.trust } as const;
    return thread.run(job, HUNG_MS);
  };
  const findingOf = async (bytes: Buffer) => {
    const outcome = await read(bytes);
    return outcome.type === 'read' ? outcome.finding : outcome.type;
  };
  const good = (await findingOf(clip)) as CredentialsFinding;
  expect(good).toMatchObject({ state: 'ours', ingredients: [{ state: 'ours', title: 'Parent' }] });

  const pick = seededPick(20261127);
  const kinds = Object.keys(MUTATIONS);
  const count = { read: 0, traps: 0, hangs: 0, crashes: 0, poisoned: 0 };
  const states: Record<string, number> = {};
  const survivors: Survivor[] = [];
  const hidden: string[] = [];
  let slowest = 0;
  for (let round = 0; round < EACH; round++) {
    for (const kind of kinds) {
      const file = mutated(kind, clip, pick);
      const started = performance.now();
      const outcome = await read(file);
      slowest = Math.max(slowest, performance.now() - started);
      count.read++;
      if (outcome.type === 'timeout') count.hangs++;
      else if (outcome.type !== 'read') count.crashes++;
      else if (outcome.fatal) count.traps++;
      if (thread.spent) {
        await thread.close();
        thread = new CredentialsThread();
      }
      if (outcome.type !== 'read') continue;
      const { finding } = outcome;
      states[finding.state] = (states[finding.state] ?? 0) + 1;
      if (finding.state === 'ours') survivors.push({ kind, file, finding });
      // Credentials may be called absent only where they are.
      const { start, end } = manifestBox(clip);
      if (finding.state === 'none' && file.includes(clip.subarray(start + BOX_HEADER, end))) hidden.push(kind);
    }
    // On the same thread: an instance that was harmed would give another answer.
    if (JSON.stringify(await findingOf(clip)) !== JSON.stringify(good)) count.poisoned++;
  }
  await thread.close();
  await rm(world.folder, { recursive: true });

  expect(count).toEqual({ read: EACH * kinds.length, traps: 0, hangs: 0, crashes: 0, poisoned: 0 });
  expect(hidden).toEqual([]);
  expect(slowest).toBeLessThan(HUNG_MS);
  const parts = signedParts(clip, good.manifestId!);
  expect(parts.length).toBeGreaterThan(4);
  for (const { kind, file, finding } of survivors) {
    // Nothing that is stated has changed, nor anything that the signature covers: only what stands beside it.
    expect([kind, withoutCodes(finding)]).toEqual([kind, withoutCodes(good)]);
    expect([kind, media(file)]).toEqual([kind, media(clip)]);
    expect([kind, parts.map((part) => file.includes(Buffer.from(part)))]).toEqual([kind, parts.map(() => true)]);
  }
  // Padding is the larger part of the manifest, so some must survive; most must not.
  expect(survivors.length).toBeGreaterThan(10);
  expect((states.damaged ?? 0) + (states.mismatch ?? 0) + (states.unable ?? 0)).toBeGreaterThan(350);
}, 600_000);
