import type OpenAI from 'openai';
import {
  Backtest,
  CaseList,
  DecisionReceipt,
  GoldenView,
  LeaseGrant,
  MakerAccount,
  MakerList,
  PolicyVersionList,
  PolicyVersionView,
  QueueList,
  QueueView,
  Routing,
  SamplingView,
  type CaseItem,
  type CaseKind,
  type ClipView,
} from '#contracts';
import { sleep } from '#kernel';
import type { People } from './people.js';
import { APPEAL, draftOf, LIMITED, REPORTS, type DeskRequest, type Reading } from './requests.js';
import type { DeskWords } from './words.js';

const PATIENCE_MS = 120_000;
/** Longest that a decision which may leave takes to leave. */
const SETTLED_MS = 30_000;
const POLL_MS = 300;
/** How long somebody looks at a case, and for each letter of their reason. */
const LOOKED_MS = 800;
const READ_MS = 25;
const DAY_MS = 24 * 3_600_000;
/** As far back as made-up history goes, and a little more. */
const BACK_DAYS = 60;

/** A request of the desk and the clip that it led to. */
export interface Stood {
  request: DeskRequest;
  clip: ClipView;
}

/** Asks until there is an answer; null when there was none in time. */
async function until<T>(ask: () => Promise<T | null | undefined>, ms: number): Promise<T | null> {
  for (const end = Date.now() + ms; Date.now() < end; await sleep(POLL_MS)) {
    const found = await ask();
    if (found !== null && found !== undefined) return found;
  }
  return null;
}

/** What people do at the console in the demo, over the same addresses as the pages. */
export class DemoDesk {
  private samples = false;

  /**
   * @param client with the key of the demo's tenant
   * @param pace how slowly people read; 0 is at once
   */
  constructor(
    private readonly people: People,
    private readonly client: OpenAI,
    private readonly tenantId: string,
    private readonly words: DeskWords,
    private readonly pace = 1,
  ) {}

  /** A queue of its own for politics, so that routing has something to show; and the next release will be looked at. */
  async prepare(): Promise<void> {
    const { senior } = this.people;
    const name = this.words.queue;
    const { data } = await senior.call('GET', 'queues', QueueList);
    const there = data.find((queue) => queue.name === name);
    // Chance has no part in the demo: its cases are read twice where they are severe, and else once.
    if (!there) await this.queue(name);
    else if (there.second_share) await senior.call('PUT', `queues/${there.id}`, QueueView, { second_share: 0 });
    await this.sampling(1);
    this.samples = true;
  }

  private async queue(name: string): Promise<void> {
    const { senior } = this.people;
    const body = { name, purpose: 'usual', second_share: 0, golden_share: 0.1, sample_share: 0 };
    const queue = await senior.call('POST', 'queues', QueueView, body);
    const { version, rules } = await senior.call('GET', 'routing', Routing);
    const rule = { name: this.words.rule, when: { categories: ['political'] }, queue: queue.id };
    await senior.call('PUT', 'routing', Routing, { version, rules: [...rules, rule] });
  }

  /** After the first release that is looked at, releases go unseen again. */
  async sampled(): Promise<void> {
    if (!this.samples) return;
    this.samples = false;
    await this.sampling(null);
  }

  private async sampling(share: number | null): Promise<void> {
    await this.people.senior.call('PUT', `sampling/${this.tenantId}`, SamplingView, { share });
  }

  /** Everybody reads their cases, one after the other; several people at once. */
  async readings(all: readonly Stood[], which: 'reading' | 'second' = 'reading'): Promise<void> {
    const given = all.flatMap(({ request, clip }) => {
      const reading = request[which];
      return reading ? [{ reading, clip }] : [];
    });
    const readers = [...new Set(given.map(({ reading }) => reading.by))];
    await Promise.all(
      readers.map(async (by) => {
        for (const { reading, clip } of given.filter((one) => one.reading.by === by)) await this.read(reading, clip);
      }),
    );
  }

  private async read({ by, ...decision }: Reading, { id }: ClipView, kind: CaseKind = 'hold'): Promise<void> {
    const person = this.people[by];
    // The second reading waits until the first has left.
    const open = await until(() => this.caseOf(id, 'open', kind), PATIENCE_MS);
    if (!open) throw new Error(`There is no open case of ${id}.`);
    const { token } = await person.call('POST', `cases/${open.id}/take`, LeaseGrant);
    await sleep(this.pace * (LOOKED_MS + decision.reason.length * READ_MS));
    await person.call('POST', `cases/${open.id}/decide`, DecisionReceipt, { ...decision, token });
  }

  private async caseOf(clipId: string, state: 'open' | 'closed', kind: CaseKind): Promise<CaseItem | undefined> {
    const query = new URLSearchParams({ q: clipId, kind, state });
    return (await this.people.senior.call('GET', `cases?${query}`, CaseList)).data[0];
  }

  /** What makers and viewers say: appeals against refusals, reports of releases, one of which is decided. */
  async voices(released: readonly ClipView[], stopped: ClipView | undefined, all: readonly Stood[]): Promise<void> {
    const said = all.flatMap(({ request: { appeal, maker }, clip }) =>
      appeal ? [{ reason: appeal, user: maker, statement_id: clip.statement_id }] : [],
    );
    if (stopped) said.push({ reason: APPEAL, user: stopped.maker!, statement_id: stopped.statement_id });
    for (const body of said) await this.client.post('/appeals', { body });
    for (const { of, ...report } of REPORTS) {
      const clip = released[of];
      if (clip) await this.client.post('/reports', { body: { clip: clip.id, ...report } });
    }
    if (released[1]) await this.read(LIMITED, released[1], 'report');
  }

  /** Once the first decisions have left: second readings, golden items, a word to a maker. */
  async afterwards(all: readonly Stood[]): Promise<void> {
    await this.readings(all, 'second');
    const { senior } = this.people;
    for (const { request, clip } of all) {
      if (!request.golden || !request.reading) continue;
      const closed = await until(() => this.caseOf(clip.id, 'closed', 'hold'), SETTLED_MS);
      if (!closed) continue; // where queues are set to read more twice, it waits for another reader
      const { outcome, category, reason: why } = request.reading;
      await senior.call('POST', 'golden', GoldenView, { case_id: closed.id, outcome, category, why });
    }
    // From now on a tenth of them is read twice.
    const { data: queues } = await senior.call('GET', 'queues', QueueList);
    const own = queues.find(({ name }) => name === this.words.queue);
    if (own) await senior.call('PUT', `queues/${own.id}`, QueueView, { second_share: 0.1 });
    const makers = await senior.call('GET', 'makers?q=demo-ben', MakerList);
    const action = { kind: 'warn', reason: this.words.warning };
    if (makers.data[0]) await senior.call('POST', `makers/${makers.data[0].id}/actions`, MakerAccount, action);
  }

  /** A draft of the policy, tried on all past clips, with one of the two approvals that it needs. */
  async policy(): Promise<void> {
    const { policy: author, policy2: other } = this.people;
    const versions = await author.call('GET', 'policies', PolicyVersionList);
    const live = versions.data.find(({ state }) => state === 'live');
    const yaml = live && draftOf((await author.call('GET', `policies/${live.id}`, PolicyVersionView)).yaml);
    if (!yaml || versions.source === 'file') return;
    const { id, sha256 } = await author.call('POST', 'policies', PolicyVersionView, {
      yaml,
      note: this.words.draftNote,
    });
    const now = Date.now();
    const period = { from: new Date(now - BACK_DAYS * DAY_MS).toISOString(), to: new Date(now + 1000).toISOString() };
    await author.call('POST', `policies/${id}/backtest`, Backtest, period);
    await until(async () => {
      const { state } = await author.call('GET', `policies/${id}/backtest`, Backtest);
      return state === 'running' ? null : state;
    }, PATIENCE_MS);
    await other.call('POST', `policies/${id}/approve`, PolicyVersionView, { sha256, note: this.words.approval });
  }

  /** How many cases wait. */
  async waiting(): Promise<number> {
    return (await this.people.senior.call('GET', 'cases?limit=1', CaseList)).total;
  }
}
