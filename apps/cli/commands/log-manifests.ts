import type { LogLeaf } from '#contracts';
import { sha256Hex, sleep } from '#kernel';
import { CliError } from '../context.js';
import type { Words } from '../words/index.js';

const ASK_MS = 30_000;
const AT_ONCE = 4;
/** How often a service that asks to wait is asked again for one manifest. */
const TRIES = 10;
const WAIT_MS = { usual: 5000, most: 60_000 };
/** In this time a clip whose entry was just published is served, and a withdrawal that was just promised has its entry. */
const SETTLE_MS = 10_000;

/** What comparing gave. */
export interface Manifests {
  checked: number;
  /** Places of entries whose manifest is not served, or is another one. */
  wrong: number[];
}

/** How to compare. */
export interface ManifestOptions {
  /** Address of the service. */
  url: string;
  words: Words;
  /** Entries that the log got since; asked for only when a manifest is missing. */
  newer: () => Promise<LogLeaf[]>;
  /** Pause before a missing manifest is asked for again, in ms. */
  settleMs?: number;
}

type Standing = Extract<LogLeaf, { type: 'release' | 'remix' }>;

function standing(leaves: readonly LogLeaf[]): Standing[] {
  const gone = withdrawn(leaves);
  return leaves.flatMap((leaf) =>
    (leaf.type === 'release' || leaf.type === 'remix') && !gone.has(leaf.manifestId) ? [leaf] : [],
  );
}

const withdrawn = (leaves: readonly LogLeaf[]) =>
  new Set(leaves.flatMap((leaf) => (leaf.type === 'withdraw' ? [leaf.manifestId] : [])));

/** One answer, also of a service that serves only so many requests a minute. */
async function ask(url: string, words: Words): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) }).catch((e: unknown) => {
      throw new CliError('log_not_reachable', words.faults.noService(url), e);
    });
    if (answer.status !== 429) return answer;
    await answer.body?.cancel();
    if (tries === TRIES) throw new CliError('log_answers_badly', words.log.missing(url, answer.status));
    const seconds = Number(answer.headers.get('retry-after') ?? NaN);
    await sleep(seconds >= 0 ? Math.min(seconds * 1000, WAIT_MS.most) : WAIT_MS.usual);
  }
}

type Served = 'same' | 'missing' | 'wrong';

async function each(leaves: readonly Standing[], { url, words }: ManifestOptions): Promise<[Standing, Served][]> {
  const told: [Standing, Served][] = [];
  for (let i = 0; i < leaves.length; i += AT_ONCE) {
    const some = leaves.slice(i, i + AT_ONCE).map(async (leaf): Promise<[Standing, Served]> => {
      const answer = await ask(`${url}/v1/manifests/${encodeURIComponent(leaf.manifestId)}`, words);
      const bytes = new Uint8Array(await answer.arrayBuffer());
      if (answer.status === 404) return [leaf, 'missing'];
      return [leaf, answer.ok && sha256Hex(bytes) === leaf.manifestSha256 ? 'same' : 'wrong'];
    });
    told.push(...(await Promise.all(some)));
  }
  return told;
}

/**
 * Every release that the log names and that still stands must have its manifest in the repository. A missing one is
 * judged a little later, by what the log says then: its clip may be on its way out, or just withdrawn.
 * @throws CliError `log_not_reachable`; `log_answers_badly` when the service does nothing but ask to wait
 */
export async function checkManifests(leaves: readonly LogLeaf[], options: ManifestOptions): Promise<Manifests> {
  const named = standing(leaves);
  const first = await each(named, options);
  const wrong = first.filter(([, served]) => served === 'wrong').map(([leaf]) => leaf);
  const missing = first.filter(([, served]) => served === 'missing').map(([leaf]) => leaf);
  if (missing.length > 0) {
    await sleep(options.settleMs ?? SETTLE_MS);
    const again = (await each(missing, options)).filter(([, served]) => served !== 'same').map(([leaf]) => leaf);
    // Read last: what was withdrawn between the two is then in it.
    const gone = again.length ? withdrawn(await options.newer()) : new Set<string>();
    wrong.push(...again.filter(({ manifestId }) => !gone.has(manifestId)));
  }
  return { checked: named.length, wrong: wrong.map(({ seq }) => seq).sort((a, b) => a - b) };
}
