import {
  Admission,
  Idempotency,
  ReleasedContent,
  type Clips,
  type EngineCatalog,
  type EvidenceStills,
  type HeldClips,
  type Policies,
} from '#domain/gate';
import { AuditDayBook, AuditRecord } from '#domain/audit';
import { Bindings } from '#domain/bindings';
import { likenessIn, openConsent, openNotice, StaffLikeness, type Consent } from '#domain/consent';
import { ConsentGate, endedByPerson, makerFacts, protectedKinds } from '#domain/consent-check';
import { openGuardianship, watchForGuardians, type Guardianship } from '#domain/guardianship';
import { BankIndex, BankMatcher, HashBanks } from '#domain/hash-banks';
import { openNotices, type Notices } from '#domain/notices';
import { StaffKeys, StaffWebhooks } from '#domain/platforms';
import { openPolicies, PolicyBacktests, PolicyPublishing, PolicyShadows, PolicyVersions } from '#domain/policies';
import { Charts, Quality } from '#domain/quality';
import { NameBook, nameKey } from '#domain/recognition';
import { deskUpon, DeskStream, openReviewedGate, type Desk } from '#domain/review';
import { CompanySignIn, StaffMembers, StaffSessions, StaffSignIns } from '#domain/staff';
import { CaseDesk, SafetyCases, SafetyReports, StaffSafetyCases, type ReportingSettings } from '#domain/child-safety';
import { ProtectedRegister, StaffRegister } from '#domain/protected';
import { openLogReader, type LogReader } from '#domain/transparency';
import { Verifications } from '#domain/verification';
import { WebhookEndpoints, WebhookRecord } from '#domain/webhooks';
import { loadTextModel, type TextModel } from '#engines/text';
import { messageOf } from '#kernel';
import { ApiKeys, LabelProfiles, Makers, Passwords, RateLimits } from '#platform/auth';
import type { Core } from '#platform/core';
import { loadGenerators, type Generators } from '#platform/generators';

/** What the routes call. Classes double as injection tokens. */
export interface ApiParts {
  admission: Admission;
  clips: Clips;
  consent: Consent;
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
  /** People who never enrolled and may not be shown. */
  register: ProtectedRegister;
  safetyCases: SafetyCases;
  safetyReports: SafetyReports;
  peopleDesk: PeopleDesk;
  policies: Policies;
  policyDesk: PolicyDesk;
  audit: AuditParts;
  platforms: PlatformParts;
  verifications: Verifications;
  bindings: Bindings;
  webhooks: WebhookEndpoints;
  /** The published part of the transparency log. */
  log: LogReader;
  keys: ApiKeys;
  guardianship: Guardianship;
  labels: LabelProfiles;
  limits: RateLimits;
  staff: StaffParts;
  textModel: () => TextModel;
  models: readonly string[];
}

/** What staff see of children's cases, of the protected register and of people who lent their likeness. */
export interface PeopleDesk {
  safety: StaffSafetyCases;
  register: StaffRegister;
  likeness: StaffLikeness;
}

/** Versions of the policy, and what is tried with them. */
export interface PolicyDesk {
  versions: PolicyVersions;
  publishing: PolicyPublishing;
  backtests: PolicyBacktests;
  shadows: PolicyShadows;
}

/** Keys and endpoints of platforms, as far as staff may see and change them. */
export interface PlatformParts {
  keys: StaffKeys;
  webhooks: StaffWebhooks;
}

/** The record of events, and the days it was closed with. */
export interface AuditParts {
  record: AuditRecord;
  days: AuditDayBook;
}

function policyDesk({ config, database, clock }: Core): PolicyDesk {
  return {
    versions: new PolicyVersions(database, clock, config.POLICY_SOURCE),
    publishing: new PolicyPublishing(database, clock, config.POLICY_SOURCE),
    backtests: new PolicyBacktests(database, clock),
    shadows: new PolicyShadows(database, clock),
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

/** Enrolment and everything that an enrolled person decides; recordings are judged by a worker. */
function consentOf(core: Core, policies: Policies, parts: { clips: Clips; stills: EvidenceStills }): Consent {
  const { config, database, blobs, clock, keyring, subjectKeys: keys } = core;
  const { publicUrl, CONSENT_KEEP_DAYS: keepDays, CONSENT_MINIMUM_AGE: minimumAge } = config;
  return openConsent({
    ...parts,
    makers: new Makers(database),
    refusal: (clip, actor) => endedByPerson(policies, clip, actor, clock.now()),
    ...{ database, blobs, clock, sealer: keyring.sealer, keys },
    notice: openNotice(),
    settings: { publicUrl, keepDays, minimumAge },
  });
}

/** Entries that this process holds to answer matches, about 50 MB; the worker's index is the one that judges clips. */
const MOST_BANK_ENTRIES = 200_000;

/** How long somebody waits for a search by fingerprint. */
const PRINT_SEARCH_MS = 15_000;

function reportingOf(config: Core['config']): ReportingSettings {
  const { CHILD_SAFETY_USERNAME: username, CHILD_SAFETY_PASSWORD: password } = config;
  return {
    mode: config.CHILD_SAFETY_REPORTING,
    reporter: {
      service: config.CHILD_SAFETY_SERVICE,
      email: config.CHILD_SAFETY_EMAIL ?? null,
      publicUrl: config.publicUrl,
    },
    // Outside production there is nothing to send with.
    account:
      config.CHILD_SAFETY_REPORTING === 'production' && username && password
        ? { url: config.CHILD_SAFETY_URL, username, password }
        : null,
  };
}

/** The protected register and the cases of child safety, for keys and for staff. */
function peopleParts(core: Core, consent: Consent, desk: Desk) {
  const { config, database, blobs, clock, keyring, subjectKeys: keys } = core;
  const store = { database, blobs, keys, clock };
  const register = new ProtectedRegister({ ...store, nameKey: nameKey(keyring.sealer) });
  const safetyCases = new SafetyCases(store, config.CHILD_SAFETY_REPORTING);
  const safetyReports = new SafetyReports(store, reportingOf(config));
  const peopleDesk: PeopleDesk = {
    safety: new StaffSafetyCases(store, safetyCases, safetyReports),
    register: new StaffRegister(database, register),
    likeness: new StaffLikeness(database, consent.uses, (staff, clips) => desk.lists.ofClips(staff, clips)),
  };
  return { register, safetyCases, safetyReports, peopleDesk };
}

function verificationsOf({ config, database, blobs, clock }: Core): Verifications {
  const limits = { most: config.VERIFY_QUEUE_MAX, keepMs: config.VERIFY_KEEP_MINUTES * 60_000 };
  return new Verifications(database, blobs, clock, limits, 'api');
}

function platformParts({ database, clock }: Core, keys: ApiKeys, webhooks: WebhookEndpoints): PlatformParts {
  const record = new WebhookRecord(database, clock);
  return { keys: new StaffKeys(database, keys), webhooks: new StaffWebhooks(database, webhooks, record) };
}

/** Puts the API together. @throws PolicyError when the policy document has a fault */
export async function assemble(core: Core): Promise<ApiParts> {
  const { config, database, clock, metrics, keyring, blobs, subjectKeys } = core;
  const generators = loadGenerators(config.generatorsFile, {
    workDir: config.dataDir,
    render: () => Promise.reject(new Error('the API does not render')),
  });
  const { policies } = await openPolicies(core);
  const log = openLogReader(core);
  const gate = openReviewedGate(core, policies, {
    safety: new CaseDesk(policies, subjectKeys, clock),
    watch: watchForGuardians,
  });
  const { moves, clips, heldClips, stills } = gate;
  const notices = openNotices({ database, clock, blobs, policies, sealer: keyring.sealer, ...gate });
  const textModel = lazyTextModel();
  const limits = new RateLimits();
  const names = new NameBook(database, nameKey(keyring.sealer));
  const guardianship = openGuardianship({
    ...{ database, clock, limits, policies, publicUrl: config.publicUrl },
    sealer: keyring.sealer,
  });
  const bankIndex = new BankIndex(database, { capacity: MOST_BANK_ENTRIES });
  const consent = consentOf(core, policies, { clips, stills });
  const ports = { settlers: notices.settlers, likeness: likenessIn({ database, keys: subjectKeys, clock }) };
  const desk = deskUpon(core, policies, gate, ports);
  const keys = new ApiKeys(database, clock);
  const webhooks = new WebhookEndpoints(database, keyring.sealer, clock, config.webhookAllow);
  return {
    admission: new Admission(database, moves, policies, guardianship.rules, catalogOf(generators), {
      clock,
      metrics,
      textModel,
      limits,
      likeness: new ConsentGate(database, names, protectedKinds(database), makerFacts(database), clock),
      accounts: notices.accounts,
    }),
    notices,
    clips,
    consent,
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
    ...peopleParts(core, consent, desk),
    policies,
    verifications: verificationsOf(core),
    bindings: new Bindings(database, blobs, (print) => core.queue.ask('print.search', { print }, PRINT_SEARCH_MS)),
    webhooks,
    platforms: platformParts(core, keys, webhooks),
    log,
    policyDesk: policyDesk(core),
    audit: { record: new AuditRecord(database, clock), days: new AuditDayBook(database, log, clock) },
    keys,
    guardianship,
    labels: new LabelProfiles(database, config.LABEL_DEFAULT),
    limits,
    staff: staffParts(core),
    textModel,
    models: generators.models,
  };
}
