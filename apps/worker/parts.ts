import { join } from 'node:path';
import { GateMoves, Clips, Idempotency, Policies } from '#domain/gate';
import { createExaminer, Inspector, type Examiner } from '#domain/examination';
import { BankIndex, BankMatcher } from '#domain/hash-banks';
import {
  bankedPictures,
  GenerateStep,
  InspectStep,
  MarkStep,
  RereadStep,
  SignStep,
  StepRunner,
  type EngineByName,
  type Step,
} from '#domain/pipeline';
import { databaseRegister, Verifier } from '#domain/provenance';
import { WebhookDeliveries } from '#domain/webhooks';
import {
  createCredentialsPool,
  fileSigner,
  localTimeStamper,
  remoteTimeStamper,
  type CredentialsPool,
} from '#engines/credentials';
import { loadTextModel, type TextModel } from '#engines/text';
import { AppError } from '#kernel';
import { LabelProfiles } from '#platform/auth';
import type { Config } from '#platform/config';
import { PRODUCT, type Core } from '#platform/core';
import { loadGenerators, type Generators } from '#platform/generators';
import { safeFetch } from '#platform/http';
import { moderatorOf, transcriberOf } from './recognisers.js';

/** The parts of a worker, put together. */
export interface WorkerParts {
  runner: StepRunner;
  steps: Record<'generate' | 'inspect' | 'mark' | 'sign' | 'reread', Step>;
  clips: Clips;
  webhooks: WebhookDeliveries;
  verifier: Verifier;
  idempotency: Idempotency;
  examiner: Examiner;
  /** For files that anyone sends. */
  strangers: Examiner;
  generators: Generators;
  pool: CredentialsPool;
  /** Fingerprints of all banks; start it before clips are inspected, close it at the end. */
  bankIndex: BankIndex;
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

/** Puts a worker together. Nothing starts until it is asked to. @param given parts that take the place of the usual ones */
export async function assemble(
  core: Core,
  given: Partial<Pick<WorkerParts, 'examiner' | 'generators'>> = {},
): Promise<WorkerParts> {
  const { config, database, blobs, scratch, clock, metrics, keyring, trust } = core;
  const stepMs = config.STEP_TIMEOUT_S * 1000;
  const examiner =
    given.examiner ?? usualExaminer(config, config.EXAMINE_CONCURRENCY + config.GENERATE_CONCURRENCY + 1);
  // Processes of their own, so that strangers' files never keep a clip waiting.
  const strangers = given.examiner ?? usualExaminer(config, 2);
  const register = databaseRegister(database);
  const generators = given.generators ?? usualGenerators(config, examiner);
  const policies = await Policies.open(database, metrics, config.policyFile);
  const bankIndex = new BankIndex(database, {
    onError: (reason) => core.logger.warn({ reason }, 'hash banks'),
  });
  const moves = new GateMoves(database, clock);
  const inspector = new Inspector({
    run: (task, payload, options) => examiner.run(task, payload, options),
    textModel: lazyTextModel(),
    transcriber: await transcriberOf(config, (reason) => core.logger.error({ reason }, 'Whisper model is not usable')),
    moderator: moderatorOf(config),
  });
  const engine = engineByName(generators);
  const files = { blobs, scratch };
  const pool = createCredentialsPool({ size: 1, trust });
  const signing = {
    pool,
    signer: fileSigner(keyring.credentials.signer),
    timeStamper: config.TSA_URL
      ? remoteTimeStamper({ url: config.TSA_URL, fetch: tsaFetch })
      : localTimeStamper(keyring.credentials.tsa),
    generator: PRODUCT,
  };
  const intervalMs = config.generatorsFile ? POLL_MS : EMBEDDED_POLL_MS;
  const keys = keyring.watermark.map(({ key }) => key);
  return {
    runner: new StepRunner(database, moves, blobs, metrics, core.logger),
    steps: {
      generate: new GenerateStep(database, moves, engine, files, metrics, {
        deadlineMs: config.GENERATE_TIMEOUT_S * 1000,
        intervalMs,
      }),
      inspect: new InspectStep(
        blobs,
        inspector,
        bankedPictures(new BankMatcher(database, bankIndex), bankIndex),
        policies,
        { clock, metrics },
        stepMs,
      ),
      mark: new MarkStep(files, examiner, keyring, new LabelProfiles(database, config.LABEL_DEFAULT), stepMs),
      sign: new SignStep(database, files, signing, engine, clock),
      reread: new RereadStep(blobs, examiner, keyring, trust, stepMs),
    },
    clips: new Clips(database, moves, blobs),
    webhooks: new WebhookDeliveries(database, keyring.sealer, clock, metrics, config.webhookAllow),
    verifier: new Verifier({ examiner: strangers, keys, trust, register, clock, tool: PRODUCT }),
    idempotency: new Idempotency(database, clock),
    examiner,
    strangers,
    generators,
    pool,
    bankIndex,
  };
}

/** The operator chose the authority's address, so it may be private. */
const tsaFetch: typeof fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : input.toString();
  const headers: Record<string, string> = {};
  new Headers(init?.headers).forEach((value, name) => (headers[name] = value));
  const answer = await safeFetch(url, {
    method: init?.method ?? 'GET',
    headers,
    body: init?.body as Buffer,
    timeoutMs: 10_000,
    maxBytes: 1_000_000,
    allowPrivate: true,
  });
  return new Response(Uint8Array.from(answer.body), { status: answer.status, headers: answer.headers });
};
