import { join } from 'node:path';
import { AuditDayBook } from '#domain/audit';
import { CaseDesk } from '#domain/child-safety';
import { Idempotency, type Clips, type Policies } from '#domain/gate';
import { createExaminer, Inspector, type Examiner } from '#domain/examination';
import { watchForGuardians } from '#domain/guardianship';
import { BankIndex, BankMatcher } from '#domain/hash-banks';
import {
  bankedPictures,
  GenerateStep,
  InspectStep,
  LogStep,
  MarkStep,
  RereadStep,
  SignStep,
  StepRunner,
  type EngineByName,
  type Signing,
  type Step,
  type StepGuard,
} from '#domain/pipeline';
import { ConsentGate, makerFacts, protectedKinds } from '#domain/consent-check';
import { ConsentFaces, ConsentGuard, KeptFaces, SealedPortraits, type FaceRegister } from '#domain/likeness';
import { openNotices } from '#domain/notices';
import { openPolicies, PolicyBacktests, PolicyPublishing } from '#domain/policies';
import { ReleasePrints } from '#domain/provenance';
import { deskUpon, openReviewedGate, type Desk } from '#domain/review';
import { NameBook, nameKey } from '#domain/recognition';
import { FaceIndex } from '#domain/recognition-faces';
import { openLog, type TransparencyLog } from '#domain/transparency';
import type { VerificationRunner } from '#domain/verification';
import { Signers } from '#domain/signers';
import { WebhookDeliveries } from '#domain/webhooks';
import {
  createCredentialsPool,
  localTimeStamper,
  ocspStapler,
  remoteTimeStamper,
  type CredentialsPool,
  type TimeStamper,
} from '#engines/credentials';
import type { Transcriber } from '#engines/speech';
import { loadTextModel, type TextModel } from '#engines/text';
import { AppError } from '#kernel';
import { LabelProfiles } from '#platform/auth';
import type { Config } from '#platform/config';
import { PRODUCT, type Core } from '#platform/core';
import { loadGenerators, type Generators } from '#platform/generators';
import { consentWork, type ConsentWork } from './consent.js';
import { operatorFetch } from './operator-fetch.js';
import { moderatorOf, transcriberOf } from './recognisers.js';
import { verificationRunner } from './verification.js';

/** The parts of a worker, put together. */
export interface WorkerParts {
  runner: StepRunner;
  steps: Record<'generate' | 'inspect' | 'mark' | 'sign' | 'reread' | 'log', Step>;
  /** Check it before the first step. */
  log: TransparencyLog;
  clips: Clips;
  /** Human review: decisions leave from here. */
  desk: Desk;
  webhooks: WebhookDeliveries;
  verifications: VerificationRunner;
  idempotency: Idempotency;
  /** Publications at a time, and back-tests. */
  publishing: PolicyPublishing;
  backtests: PolicyBacktests;
  auditDays: AuditDayBook;
  examiner: Examiner;
  /** For files that anyone sends. */
  strangers: Examiner;
  generators: Generators;
  pool: CredentialsPool;
  signers: Signers;
  /** Fingerprints of all releases; brought up to date at each question. */
  prints: ReleasePrints;
  /** Fingerprints of all banks; start it before clips are inspected, close it at the end. */
  bankIndex: BankIndex;
  /** Faces of everybody in the register; brought up to date at each question. */
  faces: FaceRegister;
  /** Asked before each step and at the release. */
  guard: StepGuard;
  consent: ConsentWork;
}

const POLL_MS = 1000;
const EMBEDDED_POLL_MS = 300;

function engineByName(generators: Generators): EngineByName {
  return (name) => {
    const engine = generators.generatorNamed(name);
    if (!engine)
      throw new AppError('not_found', 'engine_not_configured', `The engine ${name} is no longer configured.`);
    return engine;
  };
}

function usualExaminer(config: Config, processes: number): Examiner {
  return createExaminer({
    processes,
    maxRssMb: config.SANDBOX_RSS_MB,
    timeoutMs: config.STEP_TIMEOUT_S * 1000,
    providers: config.ORT_PROVIDERS,
    zeroShotDir: config.ZERO_SHOT_DIR,
    speakerDir: config.SPEAKER_DIR,
  });
}

/** Loaded when the first words are found; a model that cannot be loaded makes them `unable`, and is tried again. */
function lazyTextModel(): () => TextModel {
  let model: TextModel | undefined;
  return () => (model ??= loadTextModel());
}

/** Where the embedded engine keeps clips in the making. */
export function renderDir(config: Config): string {
  return join(config.dataDir, 'render');
}

function usualGenerators(config: Config, examiner: Examiner): Generators {
  const timeoutMs = config.STEP_TIMEOUT_S * 1000;
  return loadGenerators(config.generatorsFile, {
    workDir: renderDir(config),
    slots: config.GENERATE_CONCURRENCY,
    version: PRODUCT.version,
    render: (request, toPath, onProgress, signal) =>
      examiner.run('render', { request, toPath }, { signal, timeoutMs, onProgress: (part) => onProgress(part * 100) }),
  });
}

function signingOf(pool: CredentialsPool, signers: Signers, timeStamper: TimeStamper): Signing {
  const revocation = ocspStapler({ fetch: operatorFetch });
  return { pool, signer: () => signers.current(), timeStamper, revocation, generator: PRODUCT };
}

function inspectorOf(
  config: Config,
  examiner: Examiner,
  transcriber: Transcriber | null,
  textModel: () => TextModel,
): Inspector {
  return new Inspector({
    run: (task, payload, options) => examiner.run(task, payload, options),
    textModel,
    transcriber,
    moderator: moderatorOf(config),
  });
}

function timeStamperOf({ config, keyring }: Core): TimeStamper {
  return config.TSA_URL
    ? remoteTimeStamper({ url: config.TSA_URL, fetch: operatorFetch })
    : localTimeStamper(keyring.credentials.tsa);
}

/** Everything that asks whether people in a clip agree. */
function likenessOf(core: Core, policies: Policies, given?: FaceRegister) {
  const { database, keyring, clock, subjectKeys, blobs, scratch } = core;
  const faces = given ?? new FaceIndex(database, subjectKeys, { log: core.logger });
  const kept = new KeptFaces(database, subjectKeys);
  const facts = makerFacts(database);
  const names = new NameBook(database, nameKey(keyring.sealer));
  const gate = new ConsentGate(database, names, protectedKinds(database), facts, clock);
  return {
    faces,
    check: new ConsentFaces(database, faces, kept),
    guard: new ConsentGuard(database, policies, gate, { register: faces, kept }, facts, clock),
    portraits: new SealedPortraits(database, { blobs, scratch }, subjectKeys),
  };
}

/** Versions of the policy that go live at a time, and that are tried on past clips. */
function trials({ database, clock, config }: Core) {
  return {
    publishing: new PolicyPublishing(database, clock, config.POLICY_SOURCE),
    backtests: new PolicyBacktests(database, clock),
  };
}

/** The gate, and the desk that settles what people decide. */
function reviewed(core: Core, policies: Policies) {
  const { database, clock, blobs, keyring } = core;
  const gate = openReviewedGate(core, policies, {
    safety: new CaseDesk(policies, core.subjectKeys, clock),
    watch: watchForGuardians,
  });
  const { settlers } = openNotices({ database, clock, blobs, policies, sealer: keyring.sealer, ...gate });
  return { ...gate, desk: deskUpon(core, policies, gate, { settlers }) };
}

/** Puts a worker together. Nothing starts until it is asked to. @param given parts that take the place of the usual ones */
export async function assemble(
  core: Core,
  given: Partial<Pick<WorkerParts, 'examiner' | 'generators' | 'faces'>> = {},
): Promise<WorkerParts> {
  const { config, database, blobs, scratch, clock, metrics, keyring, trust } = core;
  const stepMs = config.STEP_TIMEOUT_S * 1000;
  const examiner =
    given.examiner ?? usualExaminer(config, config.EXAMINE_CONCURRENCY + config.GENERATE_CONCURRENCY + 1);
  // Processes of their own, so that strangers' files never keep a clip waiting.
  const strangers = given.examiner ?? usualExaminer(config, 2);
  const generators = given.generators ?? usualGenerators(config, examiner);
  const { policies } = await openPolicies(core);
  const bankIndex = new BankIndex(database, { onError: (reason) => core.logger.warn({ reason }, 'hash banks') });
  const known = bankedPictures(new BankMatcher(database, bankIndex), bankIndex);
  const { moves, clips, desk } = reviewed(core, policies);
  const transcriber = await transcriberOf(config, (reason) =>
    core.logger.error({ reason }, 'Whisper model is not usable'),
  );
  const textModel = lazyTextModel();
  const inspector = inspectorOf(config, examiner, transcriber, textModel);
  const engine = engineByName(generators);
  const files = { blobs, scratch };
  const likeness = likenessOf(core, policies, given.faces);
  const pool = createCredentialsPool({ size: 1, trust });
  const timeStamper = timeStamperOf(core);
  const signers = await Signers.open(core, operatorFetch);
  const prints = new ReleasePrints(database, {}, (reason) => core.logger.warn({ reason }, 'release fingerprints'));
  const { log, reader: logReader } = openLog(core, timeStamper, (reason) =>
    core.logger.error({ reason }, 'transparency log'),
  );
  const intervalMs = config.generatorsFile ? POLL_MS : EMBEDDED_POLL_MS;
  return {
    runner: new StepRunner(database, moves, blobs, metrics, core.logger, likeness.guard),
    steps: {
      generate: new GenerateStep(database, moves, engine, { ...files, portraits: likeness.portraits }, metrics, {
        deadlineMs: config.GENERATE_TIMEOUT_S * 1000,
        intervalMs,
      }),
      inspect: new InspectStep(blobs, inspector, known, policies, { clock, metrics, faces: likeness.check }, stepMs),
      mark: new MarkStep(files, examiner, keyring, new LabelProfiles(database, config.LABEL_DEFAULT), stepMs),
      sign: new SignStep(database, files, signingOf(pool, signers, timeStamper), engine, clock),
      reread: new RereadStep(database, blobs, examiner, keyring, trust, stepMs),
      log: new LogStep(log, likeness.guard),
    },
    log,
    clips,
    desk,
    webhooks: new WebhookDeliveries(database, keyring.sealer, clock, metrics, config.webhookAllow),
    verifications: verificationRunner({ core, examiner: strangers, prints, log: logReader, timeStamper }),
    idempotency: new Idempotency(database, clock),
    ...trials(core),
    auditDays: new AuditDayBook(database, logReader, clock),
    examiner,
    strangers,
    generators,
    pool,
    signers,
    prints,
    bankIndex,
    faces: likeness.faces,
    guard: likeness.guard,
    consent: consentWork(core, {
      clips,
      policies,
      run: (task, payload, options) => strangers.run(task, payload, options),
      transcriber,
      faces: likeness.faces,
      textModel,
    }),
  };
}
