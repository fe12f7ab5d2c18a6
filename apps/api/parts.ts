import {
  Admission,
  Clips,
  EvidenceStills,
  GateMoves,
  HeldClips,
  Idempotency,
  ReleasedContent,
  type EngineCatalog,
  type Policies,
} from '#domain/gate';
import { AuditDayBook, AuditRecord } from '#domain/audit';
import { Bindings } from '#domain/bindings';
import { BankIndex, BankMatcher, HashBanks } from '#domain/hash-banks';
import { openPolicies, PolicyBacktests, PolicyPublishing, PolicyShadows, PolicyVersions } from '#domain/policies';
import { CompanySignIn, StaffMembers, StaffSessions, StaffSignIns } from '#domain/staff';
import { openLogReader, type LogReader } from '#domain/transparency';
import { Verifications } from '#domain/verification';
import { WebhookEndpoints } from '#domain/webhooks';
import { loadTextModel, type TextModel } from '#engines/text';
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
  idempotency: Idempotency;
  policies: Policies;
  desk: DeskParts;
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

/** What staff work with. */
export interface DeskParts {
  versions: PolicyVersions;
  publishing: PolicyPublishing;
  backtests: PolicyBacktests;
  shadows: PolicyShadows;
  record: AuditRecord;
  auditDays: AuditDayBook;
}

function deskParts({ config, database, clock }: Core, log: LogReader): DeskParts {
  return {
    versions: new PolicyVersions(database, clock, config.POLICY_SOURCE),
    publishing: new PolicyPublishing(database, clock, config.POLICY_SOURCE),
    backtests: new PolicyBacktests(database, clock),
    shadows: new PolicyShadows(database, clock),
    record: new AuditRecord(database, clock),
    auditDays: new AuditDayBook(database, log, clock),
  };
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
  const { policies } = await openPolicies(core);
  const log = openLogReader(core);
  const moves = new GateMoves(database, clock);
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
    }),
    clips: new Clips(database, moves, blobs),
    content: new ReleasedContent(database, blobs),
    hashBanks: new HashBanks(database, clock),
    bankIndex,
    bankMatcher: new BankMatcher(database, bankIndex),
    heldClips: new HeldClips(database, moves, policies, clock),
    stills: new EvidenceStills(database, blobs),
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
    log,
    desk: deskParts(core, log),
    keys: new ApiKeys(database, clock),
    makers,
    labels: new LabelProfiles(database, config.LABEL_DEFAULT),
    limits,
    staff: staffParts(core),
    textModel,
    models: generators.models,
  };
}
