import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot, sha256Hex, systemClock } from '#kernel';
import type { CreateVideo, GenerationRequest, ReferenceFaces, Signal } from '#contracts';
import { createExaminer, type ExaminationTasks, type Examiner, type RunTask } from '#domain/examination';
import { CaseDesk } from '#domain/child-safety';
import { ConsentGate, makerFacts, protectedKinds } from '#domain/consent-check';
import {
  Admission,
  GateMoves,
  isActive,
  ReleasedContent,
  STEP_OF,
  type AdmitContext,
  type LikenessRequest,
  type Policies,
} from '#domain/gate';
import { openPolicies, type PolicyPointers } from '#domain/policies';
import {
  forgetSubject,
  hashName,
  NameBook,
  nameKey,
  rememberSubject,
  sealTemplate,
  type Subject,
} from '#domain/recognition';
import { FaceIndex } from '#domain/recognition-faces';
import { Accounts } from '#domain/notices';
import { Cases } from '#domain/review';
import { encodeTemplate, type FaceTemplate } from '#engines/faces';
import { loadTextModel, type TextModel } from '#engines/text';
import { openGuardianship, watchForGuardians, type Guardianship } from '#domain/guardianship';
import { ApiKeys, RateLimits, type Caller } from '#platform/auth';
import { keysDir, openCore, type Core } from '#platform/core';
import type { Clip } from '#platform/database';
import { createGenerators, TRAINED_ALGORITHMIC_MEDIA, type Generator } from '#platform/generators';
import { createKeys } from '#platform/keys';
import type { Step } from '#domain/pipeline';
import { assemble, type WorkerParts } from '../../apps/worker/parts.js';
import { freshDatabase } from './fresh-database.js';
import { oncePerRun } from './once-per-run.js';

/** What a worker says of a reference image without faces. */
export const NO_FACES: ReferenceFaces = { state: 'looked', persons: [], protected: [], strangers: 0, untold: 0 };

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
  /** What everything takes for now. */
  now: () => Date = () => systemClock.now();
  private readonly looked = new Map<string, Promise<ExaminationTasks['inspect']['result']>>();
  textModel: () => TextModel = () => loadTextModel();
  content!: ReleasedContent;
  moves!: GateMoves;
  cases!: Cases;
  /** What every chance of a review comes to: 1 is never. */
  chance = 1;
  policies!: Policies;
  policySource!: PolicyPointers;
  caller!: Caller;
  parts!: WorkerParts;
  likeness!: ConsentGate;
  /** Once, after the register was asked about a prompt and before the clip is filed. */
  whenAsked: (() => Promise<unknown>) | null = null;
  namesFail = false;
  private readonly remembered: Subject[] = [];
  registerFails = false;
  guardianship!: Guardianship;
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
    core.clock = { now: () => harness.now() };
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
    const faces = new FaceIndex(core.database, core.subjectKeys);
    this.parts = await assemble(core, {
      examiner: { run, close: () => this.real.close() },
      generators,
      faces: {
        refresh: () => (this.registerFails ? Promise.reject(new Error('no register')) : faces.refresh()),
        find: (...given) => faces.find(...given),
        sizes: (tenantId) => faces.sizes(tenantId),
        samePerson: (a, b) => faces.samePerson(a, b),
      },
    });
    ({ policies: this.policies, source: this.policySource } = await openPolicies(core));
    this.cases = new Cases(core.database, core.clock, this.policies, () => this.chance);
    const desk = new CaseDesk(this.policies, core.subjectKeys, core.clock);
    this.moves = new GateMoves(core.database, core.clock, desk, watchForGuardians, this.cases.watch);
    this.content = new ReleasedContent(core.database, core.blobs);
    const limits = new RateLimits();
    const { database, clock } = core;
    const { policies } = this;
    const sealer = core.keyring.sealer;
    this.guardianship = openGuardianship({ database, clock, sealer, limits, policies, publicUrl: 'http://here' });
    const engines = { resolve: () => ({ model: 'fixture', engine: 'fixture', derives: [] }) };
    const book = new NameBook(core.database, nameKey(core.keyring.sealer));
    this.likeness = new ConsentGate(
      core.database,
      {
        find: (text, tenantId) => (this.namesFail ? Promise.reject(new Error('no names')) : book.find(text, tenantId)),
      },
      protectedKinds(core.database),
      makerFacts(core.database),
      core.clock,
    );
    const services = {
      clock,
      metrics: core.metrics,
      textModel: () => this.textModel(),
      limits,
      accounts: new Accounts(core.database, core.clock, this.policies),
      likeness: {
        ask: async (request: LikenessRequest) => {
          const answer = await this.likeness.ask(request);
          const { whenAsked } = this;
          this.whenAsked = null;
          await whenAsked?.();
          return answer;
        },
        record: (...given: Parameters<ConsentGate['record']>) => this.likeness.record(...given),
      },
    };
    this.admission = new Admission(database, this.moves, policies, this.guardianship.rules, engines, services);
    const keys = new ApiKeys(core.database, systemClock);
    const { key } = await keys.create(await keys.createTenant('test'), 'test', ['admin'], 'test');
    this.caller = await keys.authenticate(`Bearer ${key}`);
  }

  /** Clips of the fixture engine are all the same bytes: they are really looked at, but once in a run of the tests. */
  async lookOnce(payload: ExaminationTasks['inspect']['payload']): Promise<ExaminationTasks['inspect']['result']> {
    const sha256 = sha256Hex(await readFile(payload.path));
    const key = `${sha256} ${payload.images ?? 0}`;
    const looked = this.looked.get(key) ?? oncePerRun(`looked ${key}`, () => this.unfaulted('inspect', payload));
    this.looked.set(key, looked);
    looked.catch(() => this.looked.delete(key));
    return structuredClone(await looked);
  }

  /** A task of the real examiner, whatever faults are set. */
  unfaulted: RunTask = (task, payload, options) => this.real.run(task, payload, options);

  /** Takes everybody out of the register. */
  async forgetAll(): Promise<void> {
    const { database } = this.core;
    for (const subject of this.remembered.splice(0)) await database.$transaction((tx) => forgetSubject(tx, subject));
    await database.likenessPerson.updateMany({ data: { handle: null } });
  }

  /** Id of the maker that the tenant calls so: an adult. */
  async maker(name: string): Promise<string> {
    const { tenantId } = this.caller;
    const age = { state: 'verified' as const, birth_year: 1980, by: 'the test' };
    await this.guardianship.makers.put(tenantId, name, { age }, 'key:test');
    const maker = await this.core.database.maker.findFirstOrThrow({ where: { tenantId, externalId: name } });
    return maker.id;
  }

  /** Two makers who follow each other. */
  async befriend(a: string, b: string): Promise<void> {
    const { tenantId } = this.caller;
    await this.core.database.makerContact.createMany({
      data: [
        { makerId: a, contactId: b, tenantId },
        { makerId: b, contactId: a, tenantId },
      ],
    });
  }

  /** Enters somebody whom faces and names are compared with. */
  async remember(subject: Subject, by: { names?: string[]; template?: FaceTemplate }): Promise<void> {
    const { database, keyring, subjectKeys } = this.core;
    const key = await subjectKeys.create(subject.id);
    const names = (by.names ?? []).flatMap((name) => hashName(nameKey(keyring.sealer), name));
    const template = by.template && {
      model: by.template.model,
      sealed: sealTemplate(key, subject.id, encodeTemplate(by.template)),
    };
    await database.$transaction((tx) => rememberSubject(tx, subject, { names, ...(template && { template }) }));
    this.remembered.push(subject);
  }

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
