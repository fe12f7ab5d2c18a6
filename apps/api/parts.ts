import {
  Admission,
  Idempotency,
  Policies,
  ReleasedContent,
  type Clips,
  type EngineCatalog,
  type EvidenceStills,
  type HeldClips,
} from '#domain/gate';
import { Bindings } from '#domain/bindings';
import { BankIndex, BankMatcher, HashBanks } from '#domain/hash-banks';
import { openNotices, type Notices } from '#domain/notices';
import { Charts, Quality } from '#domain/quality';
import { DeskStream, openReviewedGate, type Desk } from '#domain/review';
import { CompanySignIn, StaffMembers, StaffSessions, StaffSignIns } from '#domain/staff';
import { openLogReader, type LogReader } from '#domain/transparency';
import { Verifications } from '#domain/verification';
import { WebhookEndpoints } from '#domain/webhooks';
import { loadTextModel, type TextModel } from '#engines/text';
import { messageOf } from '#kernel';
import { ApiKeys, LabelProfiles, Makers, Passwords, RateLimits } from '#platform/auth';
import type { Core } from '#platform/core';
import { loadGenerators, type Generators } from '#platform/generators';

/** What the routes call. Classes double as injection tokens. */
export interface ApiParts {
  admission: Admission;
  clips: Clips;
  content: ReleasedContent;
  hashBanks: HashBanks;
  /** Empty until somebody asks for matches; brought up to date at each question. */
  bankIndex: BankIndex;
  bankMatcher: BankMatcher;
  heldClips: HeldClips;
  stills: EvidenceStills;
  /** Human review. */
  desk: Desk;
  /** Statements of reasons, reports, appeals, accounts. */
  notices: Notices;
  /** What consoles hear of. */
  deskStream: DeskStream;
  quality: Quality;
  charts: Charts;
  idempotency: Idempotency;
  policies: Policies;
  verifications: Verifications;
  bindings: Bindings;
  webhooks: WebhookEndpoints;
  /** The published part of the transparency log. */
  log: LogReader;
  keys: ApiKeys;
  makers: Makers;
  labels: LabelProfiles;
  limits: RateLimits;
  staff: StaffParts;
  textModel: () => TextModel;
  models: readonly string[];
}

/** People who work here, and their ways in. */
export interface StaffParts {
  sessions: StaffSessions;
  signIns: StaffSignIns;
  company: CompanySignIn;
  members: StaffMembers;
}

function staffParts({ config, database, clock, keyring: { sealer }, logger }: Core): StaffParts {
  const sessions = new StaffSessions(database, clock);
  const warn = (facts: object, message: string) => logger.warn(facts, message);
  const company = config.OIDC_ISSUER
    ? {
        issuer: config.OIDC_ISSUER,
        clientId: config.OIDC_CLIENT_ID!,
        clientSecret: config.OIDC_CLIENT_SECRET!,
        scope: config.OIDC_SCOPE,
        groupsClaim: config.OIDC_GROUPS_CLAIM,
        roleMap: config.oidcRoleMap,
        redirectUri: `${config.publicUrl.replace(/\/+$/, '')}/v1/staff/oidc/callback`,
      }
    : null;
  return {
    sessions,
    signIns: new StaffSignIns(database, { passwords: new Passwords(), sealer, clock, sessions }),
    company: new CompanySignIn(database, { sealer, clock, sessions, warn }, company),
    members: new StaffMembers(database, sessions, clock, config.publicUrl),
  };
}

/** The engines by name; the API itself never calls one. */
function catalogOf(generators: Generators): EngineCatalog {
  return {
    resolve: (model) => {
      const { name: engine, derives = [] } = generators.selectGenerator(model);
      // An alias is answered with the name of what really makes the clip.
      return { model: model && generators.models.includes(model) ? model : engine, engine, derives };
    },
  };
}

/** A model that cannot be loaded makes every prompt wait for a person; it is tried again at each one. */
function lazyTextModel(): () => TextModel {
  let model: TextModel | undefined;
  return () => (model ??= loadTextModel());
}

/** Entries that this process holds to answer matches, about 50 MB; the worker's index is the one that judges clips. */
const MOST_BANK_ENTRIES = 200_000;

/** How long somebody waits for a search by fingerprint. */
const PRINT_SEARCH_MS = 15_000;

/** Puts the API together. @throws PolicyError when the policy document has a fault */
export async function assemble(core: Core): Promise<ApiParts> {
  const { config, database, clock, metrics, keyring, blobs } = core;
  const generators = loadGenerators(config.generatorsFile, {
    workDir: config.dataDir,
    render: () => Promise.reject(new Error('the API does not render')),
  });
  const policies = await Policies.open(database, metrics, config.policyFile);
  const gate = openReviewedGate(core, policies, (below) => ({ settlers: openNotices(core, policies, below).settlers }));
  const { moves, clips, heldClips, stills, desk } = gate;
  const notices = openNotices(core, policies, gate);
  const makers = new Makers(database, clock);
  const textModel = lazyTextModel();
  const limits = new RateLimits();
  const bankIndex = new BankIndex(database, { capacity: MOST_BANK_ENTRIES });
  return {
    admission: new Admission(database, moves, policies, makers, catalogOf(generators), {
      clock,
      metrics,
      textModel,
      limits,
      accounts: notices.accounts,
    }),
    notices,
    clips,
    content: new ReleasedContent(database, blobs),
    hashBanks: new HashBanks(database, clock),
    bankIndex,
    bankMatcher: new BankMatcher(database, bankIndex),
    heldClips,
    stills,
    desk,
    quality: new Quality(database, clock),
    charts: new Charts(database, clock),
    deskStream: new DeskStream(core.databaseUrl, (e) => core.logger.warn({ reason: messageOf(e) }, 'desk events')),
    idempotency: new Idempotency(database, clock),
    policies,
    verifications: new Verifications(
      database,
      blobs,
      clock,
      { most: config.VERIFY_QUEUE_MAX, keepMs: config.VERIFY_KEEP_MINUTES * 60_000 },
      'api',
    ),
    bindings: new Bindings(database, blobs, (print) => core.queue.ask('print.search', { print }, PRINT_SEARCH_MS)),
    webhooks: new WebhookEndpoints(database, keyring.sealer, clock, config.webhookAllow),
    log: openLogReader(core),
    keys: new ApiKeys(database, clock),
    makers,
    labels: new LabelProfiles(database, config.LABEL_DEFAULT),
    limits,
    staff: staffParts(core),
    textModel,
    models: generators.models,
  };
}
