import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, sha256Hex, systemClock } from '#kernel';
import type { CreateVideo, GenerationRequest, Signal } from '#contracts';
import { createExaminer, type ExaminationTasks, type Examiner, type RunTask } from '#domain/examination';
import {
  Admission,
  GateMoves,
  isActive,
  ReleasedContent,
  STEP_OF,
  type AdmitContext,
  type Policies,
} from '#domain/gate';
import { openPolicies, type PolicyPointers } from '#domain/policies';
import { loadTextModel, type TextModel } from '#engines/text';
import { ApiKeys, Makers, RateLimits, type Caller } from '#platform/auth';
import { keysDir, openCore, type Core } from '#platform/core';
import type { Clip } from '#platform/database';
import { createGenerators, TRAINED_ALGORITHMIC_MEDIA, type Generator } from '#platform/generators';
import { createKeys } from '#platform/keys';
import type { Step } from '#domain/pipeline';
import { assemble, type WorkerParts } from '../../apps/worker/parts.js';
import { freshDatabase } from './fresh-database.js';

/** A short real clip without credentials. */
export const CLIP = join(projectRoot, 'tests/fixtures/c2pa/video1_no_manifest.mp4');

/** An engine that hands out a file at once. @param path asked anew for each clip */
export function fixtureEngine(path: () => string = () => CLIP): Generator {
  return {
    name: 'fixture',
    kind: 'embedded',
    slots: 1,
    create: async () => 'ref',
    poll: async () => ({ status: 'completed', progress: 100, error: null }),
    fetch: async (_ref, toPath) => {
      await copyFile(path(), toPath);
      return { bytes: 1 };
    },
    cancel: async () => 'aborted',
    health: async () => ({ ok: true, detail: '' }),
    describe: () => ({ name: 'fixture', version: '1', digitalSourceType: TRAINED_ALGORITHMIC_MEDIA }),
  };
}

/** Replaces single tasks of the real examiner, to see what the gate does when they misbehave. */
export type Faults = {
  [K in keyof ExaminationTasks]?: (payload: ExaminationTasks[K]['payload']) => Promise<ExaminationTasks[K]['result']>;
};

/** The gate and the pipeline on a real database and real engines, driven by hand instead of by the queue. */
export class GateHarness {
  faults: Faults = {};
  private readonly looked = new Map<string, Promise<ExaminationTasks['inspect']['result']>>();
  textModel: () => TextModel = () => loadTextModel();
  content!: ReleasedContent;
  moves!: GateMoves;
  policies!: Policies;
  policySource!: PolicyPointers;
  caller!: Caller;
  parts!: WorkerParts;
  private admission!: Admission;
  private real!: Examiner;

  private constructor(
    readonly core: Core,
    private readonly dir: string,
  ) {}

  /** @param engine makes the clips; `embedded` is the embedded one */
  static async open(engine: Generator | 'embedded' = fixtureEngine()): Promise<GateHarness> {
    const dir = await mkdtemp(join(tmpdir(), 'imprimatur-gate-'));
    const env = { DATABASE_URL: await freshDatabase(), IMPRIMATUR_DATA_DIR: dir, LOG_LEVEL: 'silent' };
    await createKeys(join(dir, 'keys'));
    const core = await openCore('test', env);
    if (keysDir(core.config) !== join(dir, 'keys')) throw new Error('keys are elsewhere');
    const harness = new GateHarness(core, dir);
    await harness.build(engine);
    return harness;
  }

  private async build(engine: Generator | 'embedded'): Promise<void> {
    const { core } = this;
    this.real = createExaminer({ processes: 2, maxRssMb: 1200, timeoutMs: 60_000 });
    const run: RunTask = (task, payload, options) => {
      const fault = this.faults[task];
      if (fault) return fault(payload);
      return task === 'inspect' ? this.lookOnce(payload as never) : this.unfaulted(task, payload, options);
    };
    const drawn = {
      ...{ kind: 'embedded' as const, name: 'imprimatur-scene', workDir: join(this.dir, 'render') },
      render: (request: GenerationRequest, toPath: string) => run('render', { request, toPath }),
    };
    const generators = createGenerators({
      generators: [engine === 'embedded' ? drawn : { kind: 'instance', generator: engine }],
    });
    this.parts = await assemble(core, { examiner: { run, close: () => this.real.close() }, generators });
    ({ policies: this.policies, source: this.policySource } = await openPolicies(core));
    this.moves = new GateMoves(core.database, core.clock);
    this.content = new ReleasedContent(core.database, core.blobs);
    const makers = new Makers(core.database, core.clock);
    const engines = { resolve: () => ({ model: 'fixture', engine: 'fixture', derives: [] }) };
    const services = {
      clock: systemClock,
      metrics: core.metrics,
      textModel: () => this.textModel(),
      limits: new RateLimits(),
    };
    this.admission = new Admission(core.database, this.moves, this.policies, makers, engines, services);
    const keys = new ApiKeys(core.database, systemClock);
    const { key } = await keys.create(await keys.createTenant('test'), 'test', ['admin'], 'test');
    this.caller = await keys.authenticate(`Bearer ${key}`);
  }

  /** Clips of the fixture engine are all the same bytes: they are really looked at, but once. */
  private async lookOnce(
    payload: ExaminationTasks['inspect']['payload'],
  ): Promise<ExaminationTasks['inspect']['result']> {
    const sha256 = sha256Hex(await readFile(payload.path));
    const key = `${sha256} ${payload.images ?? 0}`;
    const looked = this.looked.get(key) ?? this.unfaulted('inspect', payload);
    this.looked.set(key, looked);
    looked.catch(() => this.looked.delete(key));
    return structuredClone(await looked);
  }

  /** A task of the real examiner, whatever faults are set. */
  unfaulted: RunTask = (task, payload, options) => this.real.run(task, payload, options);

  admit(request: Partial<CreateVideo> = {}, context: Partial<AdmitContext> = {}): Promise<Clip> {
    return this.admission.admit(
      { prompt: 'A red fox runs through a snowy forest', ...request },
      { caller: this.caller, ...context },
    );
  }

  clip(id: string): Promise<Clip> {
    return this.core.database.clip.findUniqueOrThrow({ where: { id } });
  }

  /** The step that a clip waits for. */
  stepOf(clip: Clip): Step {
    if (!isActive(clip.state)) throw new Error(`nothing to do for ${clip.state}`);
    return this.parts.steps[STEP_OF[clip.state].slice('clip.'.length) as keyof WorkerParts['steps']];
  }

  /** Does one step as the queue would. @param last false lets the step be tried again */
  async step(id: string, last = true): Promise<Clip> {
    await this.parts.runner.run(this.stepOf(await this.clip(id)), id, { attempt: 1, last });
    return this.clip(id);
  }

  /** Goes on until a state is reached, or nothing is left to do. */
  async drive(id: string, until?: Clip['state']): Promise<Clip> {
    let clip = await this.clip(id);
    while (clip.state !== until && isActive(clip.state)) clip = await this.step(id);
    return clip;
  }

  /** Path of a stored blob, for tests that damage it. */
  blobPath(sha256: string): Promise<string> {
    return this.core.blobs.localPath(sha256).then(async ({ path, release }) => (await release(), path));
  }

  async close(): Promise<void> {
    await this.parts.examiner.close();
    await this.parts.pool.close();
    await this.parts.bankIndex.close();
    await this.core.close();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A synthetic frame signal. */
export function synthetic(score: number): Signal {
  return {
    detector: 'synthetic',
    category: 'graphic_violence',
    source: 'frames',
    state: 'measured',
    score,
    coverage: 'none',
    model: { name: 'synthetic', version: '1' },
    synthetic: true,
  };
}
