import { isAbsolute, join } from 'node:path';
import { AppError, projectRoot } from '#kernel';
import { LABEL_MARKETS, StaffRole } from '#contracts';
import { z } from 'zod';

/** The configuration is not usable; the message lists every fault. */
export class ConfigError extends AppError {
  constructor(faults: string) {
    super('internal', 'config_invalid', `The configuration is not valid:\n${faults}`);
  }
}

const flag = z.enum(['true', 'false', '1', '0']).transform((v) => v === 'true' || v === '1');
const count = (fallback: number, min: number, max: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback);
const absent = z
  .string()
  .optional()
  .transform((v) => (v === '' ? undefined : v));

/**
 * Every setting, with its default and its meaning. The one place where environment variables are named;
 * `.env.example` is generated from it.
 */
export const Environment = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  PORT: count(3000, 0, 65535).describe('Port that the API listens on.'),
  PUBLIC_URL: absent.describe('URL under which clients reach the API; by default http://HOST:PORT.'),
  TRUST_PROXY: count(0, 0, 10).describe(
    'Reverse proxies in front of the API; the client address is taken from their headers.',
  ),
  IMPRIMATUR_URL: absent.describe('Service that the command line asks; by default PUBLIC_URL.'),
  IMPRIMATUR_API_KEY: absent.describe(
    'API key that the command line uses; by default the first key in the data folder.',
  ),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Prompts appear at debug only.'),
  IMPRIMATUR_DATA_DIR: z.string().default('.data').describe('Folder of the embedded database, blobs and keys.'),
  DATABASE_URL: absent.describe('PostgreSQL to use; empty starts an embedded PostgreSQL 18 in the data folder.'),
  REDIS_URL: absent.describe('Redis for the queue and the rate limits; empty uses PostgreSQL and memory.'),
  IMPRIMATUR_MASTER_KEY: absent.describe(
    '64 hex digits that seal all other keys; empty keeps a key file in the data folder.',
  ),
  POLICY_FILE: z.string().default('policies/default.yaml').describe('The policy document that decides.'),
  POLICY_SOURCE: z
    .enum(['database', 'file'])
    .default('database')
    .describe(
      'What decides: database (the first start publishes POLICY_FILE; later versions are approved and published at the desk, and a changed file becomes a draft), or file (POLICY_FILE as it was when each process started, for a policy kept in git).',
    ),
  GENERATORS_FILE: absent.describe('YAML file that names the video engines; empty uses the embedded scene engine.'),
  STORAGE: z.enum(['fs', 's3']).default('fs').describe('Where clips are kept.'),
  S3_ENDPOINT: absent.describe('Endpoint of an S3-compatible store.'),
  S3_REGION: z.string().default('us-east-1').describe('Region of the store.'),
  S3_BUCKET: absent.describe('Bucket of the store.'),
  S3_ACCESS_KEY_ID: absent.describe('Access key of the store.'),
  S3_SECRET_ACCESS_KEY: absent.describe('Secret key of the store.'),
  MAX_UPLOAD_MB: count(200, 1, 1000).describe('Largest upload, in megabytes.'),
  WEBHOOK_ALLOW: z
    .string()
    .default('')
    .describe('Comma-separated host names or CIDRs of private webhook targets that are allowed.'),
  TSA_URL: absent.describe('RFC 3161 time-stamping authority; empty uses the local development one.'),
  SIGNER_URL: absent.describe(
    'Service that holds the claim-signing key (docs/keys.md); empty signs with the key in the keyring.',
  ),
  SIGNER_TOKEN: absent.describe('Bearer token for the signing service.'),
  SIGNER_KEY_ID: absent.describe('Name of the key in the signing service.'),
  SIGNER_CHAIN_FILE: absent.describe(
    'PEM file with the certificate of the key in the signing service, its issuers and, last, the root.',
  ),
  TRUST_LIST_FILE: absent.describe(
    'PEM file of signers that are trusted besides this service, such as the C2PA trust list; empty trusts nobody else.',
  ),
  TSA_TRUST_LIST_FILE: absent.describe(
    'PEM file of time-stamping authorities that are trusted; the one at TSA_URL must be among them.',
  ),
  LOG_ORIGIN: z
    .string()
    .regex(/^[a-z0-9.-]+(\/[a-z0-9._/-]+)?$/i)
    .default('imprimatur.localhost/releases')
    .describe('Name of the transparency log, such as log.example.org/releases; it can never be changed afterwards.'),
  LOG_WITNESSES: absent.describe(
    'YAML file that names witnesses of the log and how many must sign a checkpoint before it is published.',
  ),
  WORKERS: count(1, 1, 64).describe('Worker processes that npm start runs.'),
  GENERATE_CONCURRENCY: count(1, 1, 256).describe('Generations at a time in one worker; the slots of a remote engine.'),
  EXAMINE_CONCURRENCY: count(1, 1, 64).describe('Clips inspected, marked and signed at a time in one worker.'),
  SANDBOX_RSS_MB: count(1200, 200, 16000).describe('Memory that a media process may use before it is killed.'),
  STEP_TIMEOUT_S: count(300, 5, 3600).describe('Longest time for one step on a clip, in seconds.'),
  GENERATE_TIMEOUT_S: count(1800, 10, 86400).describe('Longest time that an engine may take for one clip, in seconds.'),
  LABEL_DEFAULT: z
    .enum(LABEL_MARKETS)
    .default('eu')
    .describe(
      'Visible label of clips of tenants that chose none: eu (AI icon), us-ca (line of text), world (both and a moving name), none.',
    ),
  SYNTHETIC_SIGNALS: flag
    .default(true)
    .describe(
      'Let clients add signals to their own clips to rehearse refusals; they are labelled and can only make the gate stricter.',
    ),
  BINDINGS_PER_MINUTE: count(120, 1, 100000).describe(
    'Questions for manifests by soft binding a minute for one address; files sent count as verifications too.',
  ),
  VERIFY_PER_MINUTE: count(30, 1, 100000).describe('Public verifications a minute for one address.'),
  REPORTS_PER_MINUTE: count(10, 1, 100000).describe(
    'Reports of releases, and looks at them, a minute for one address.',
  ),
  VERIFY_QUEUE_MAX: count(40, 1, 10_000).describe(
    'Public verifications received, waiting or running at a time in the whole service; at most half of them by address.',
  ),
  VERIFY_KEEP_MINUTES: count(60, 1, 1440).describe('Minutes until the report of a public verification is deleted.'),
  VERIFY_FILES: z
    .enum(['all', 'json'])
    .default('all')
    .describe('Files of a verification report: all (JSON, PDF, bundle), or the signed JSON alone, which is quicker.'),
  REVIEW_EXPOSURE_MINUTES: count(30, 1, 600).describe(
    'Minutes of unblurred video a day after which a reviewer is asked to take a break; people can have budgets of their own.',
  ),
  TRANSCRIBE_URL: absent.describe(
    'Server with the OpenAI API /v1/audio/transcriptions that writes down speech; empty leaves speech unheard.',
  ),
  TRANSCRIBE_MODEL: z.string().default('whisper-1').describe('Model that the transcription server is asked for.'),
  TRANSCRIBE_API_KEY: absent.describe('Key of the transcription server.'),
  WHISPER_MODEL: absent.describe('Whisper model file (ggml) for transcripts without a server.'),
  IMAGE_MODERATION: z
    .enum(['none', 'openai', 'azure'])
    .default('none')
    .describe('Remote moderation of single frames: openai (/v1/moderations), azure (AI Content Safety), or none.'),
  IMAGE_MODERATION_URL: absent.describe('Address of the remote moderation; by default that of the OpenAI API.'),
  IMAGE_MODERATION_MODEL: z.string().default('omni-moderation-latest').describe('Model of the remote moderation.'),
  IMAGE_MODERATION_API_KEY: absent.describe('Key of the remote moderation.'),
  CHILD_SAFETY_REPORTING: z
    .enum(['off', 'test', 'production'])
    .default('off')
    .describe(
      'Reports of child safety cases: off, test (everything but the sending: nothing can leave), or production. A person presses send.',
    ),
  CHILD_SAFETY_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://report.cybertip.org/ispws')
    .describe('Reporting API of the CyberTipline that production reports are sent to.'),
  CHILD_SAFETY_USERNAME: absent.describe('Name that the CyberTipline gave this service.'),
  CHILD_SAFETY_PASSWORD: absent.describe('Password that the CyberTipline gave this service.'),
  CHILD_SAFETY_EMAIL: absent.describe('Address of the people who report; it stands in every report.'),
  CHILD_SAFETY_SERVICE: z
    .string()
    .min(1)
    .max(100)
    .default('Imprimatur')
    .describe('Name of the service in reports, as its users know it.'),
  ZERO_SHOT_DIR: absent.describe('Folder with an image encoder (CLIP or SigLIP as ONNX) and its zero-shot.json.'),
  OIDC_ISSUER: absent.describe(
    'OpenID Connect issuer whose accounts staff may sign in with, such as https://login.example.org; empty offers none.',
  ),
  OIDC_CLIENT_ID: absent.describe(
    'Client that the issuer knows this service by; its redirect is PUBLIC_URL/v1/staff/oidc/callback.',
  ),
  OIDC_CLIENT_SECRET: absent.describe('Secret of the client.'),
  OIDC_SCOPE: z.string().default('openid email profile').describe('Scopes that the issuer is asked for.'),
  OIDC_GROUPS_CLAIM: z.string().default('groups').describe('Claim that names the groups of a person.'),
  OIDC_ROLE_MAP: absent.describe(
    'Roles that groups give, such as "Moderators=reviewer, Leads=reviewer+senior"; it then decides at each sign-in, also for new people. Empty lets in only those who are staff already.',
  ),
  SPEAKER_DIR: absent.describe(
    'Folder with a speaker model (ONNX) and its speaker.json; empty keeps no voices of persons who enrol.',
  ),
  CONSENT_KEEP_DAYS: count(365, 1, 1095).describe(
    'Days after which what is kept of an enrolled person is erased, unless they enrol again.',
  ),
  CONSENT_MINIMUM_AGE: count(18, 18, 99).describe('Age from which a person can enrol their likeness.'),
  ORT_PROVIDERS: z.string().default('tensorrt,cuda,webgpu,cpu').describe('Execution providers to try, in order.'),
});

/** All settings as variables, after defaults. */
export type Environment = z.infer<typeof Environment>;

/** Roles that one group of the company gives. */
interface RoleOfGroup {
  group: string;
  roles: StaffRole[];
}

/** All settings, typed, with paths made absolute. */
export type Config = Readonly<
  Environment & {
    dataDir: string;
    publicUrl: string;
    policyFile: string;
    generatorsFile: string | undefined;
    maxUploadBytes: number;
    /** Private webhook targets that the operator allows. */
    webhookAllow: string[];
    /** Roles of staff that groups of the company give. */
    oidcRoleMap: RoleOfGroup[];
  }
>;

const fromRoot = (path: string) => (isAbsolute(path) ? path : join(projectRoot, path));

/**
 * Reads the configuration.
 * @throws ConfigError naming every variable at fault
 */
export function loadConfig(env: Record<string, string | undefined> = process.env): Config {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    throw new ConfigError(parsed.error.issues.map((i) => `  ${i.path.join('.')}: ${i.message}`).join('\n'));
  }
  const v = parsed.data;
  if (v.STORAGE === 's3' && !(v.S3_BUCKET && v.S3_ACCESS_KEY_ID && v.S3_SECRET_ACCESS_KEY)) {
    throw new ConfigError('  STORAGE=s3 needs S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
  }
  if (v.IMPRIMATUR_MASTER_KEY && !/^[0-9a-f]{64}$/i.test(v.IMPRIMATUR_MASTER_KEY)) {
    throw new ConfigError('  IMPRIMATUR_MASTER_KEY must be 64 hex digits');
  }
  if (v.TRANSCRIBE_URL && v.WHISPER_MODEL) {
    throw new ConfigError('  TRANSCRIBE_URL and WHISPER_MODEL are both set; choose one');
  }
  if (v.IMAGE_MODERATION === 'azure' && !v.IMAGE_MODERATION_URL) {
    throw new ConfigError('  IMAGE_MODERATION=azure needs IMAGE_MODERATION_URL');
  }
  if (v.IMAGE_MODERATION !== 'none' && !v.IMAGE_MODERATION_API_KEY) {
    throw new ConfigError(`  IMAGE_MODERATION=${v.IMAGE_MODERATION} needs IMAGE_MODERATION_API_KEY`);
  }
  if (v.SIGNER_URL && !(v.SIGNER_TOKEN && v.SIGNER_KEY_ID && v.SIGNER_CHAIN_FILE)) {
    throw new ConfigError('  SIGNER_URL needs SIGNER_TOKEN, SIGNER_KEY_ID and SIGNER_CHAIN_FILE');
  }
  if (v.OIDC_ISSUER && !(URL.canParse(v.OIDC_ISSUER) && v.OIDC_CLIENT_ID && v.OIDC_CLIENT_SECRET)) {
    throw new ConfigError('  OIDC_ISSUER must be an address, and needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET');
  }
  if (v.CHILD_SAFETY_REPORTING === 'production') {
    if (!(v.CHILD_SAFETY_USERNAME && v.CHILD_SAFETY_PASSWORD && v.CHILD_SAFETY_EMAIL)) {
      throw new ConfigError(
        '  CHILD_SAFETY_REPORTING=production needs CHILD_SAFETY_USERNAME, CHILD_SAFETY_PASSWORD and CHILD_SAFETY_EMAIL',
      );
    }
    const { protocol, hostname } = new URL(v.CHILD_SAFETY_URL);
    if (protocol !== 'https:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) {
      throw new ConfigError('  CHILD_SAFETY_URL must begin with https://');
    }
  }
  const webhookAllow = v.WEBHOOK_ALLOW.split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  const unusable = webhookAllow.find((entry) => !/^[\w.:-]+(\/\d{1,3})?$/.test(entry));
  if (unusable) throw new ConfigError(`  WEBHOOK_ALLOW: "${unusable}" is neither a host name, an address nor a CIDR`);
  return {
    ...v,
    dataDir: fromRoot(v.IMPRIMATUR_DATA_DIR),
    publicUrl: v.PUBLIC_URL ?? `http://${v.HOST}:${v.PORT}`,
    policyFile: fromRoot(v.POLICY_FILE),
    generatorsFile: v.GENERATORS_FILE && fromRoot(v.GENERATORS_FILE),
    maxUploadBytes: v.MAX_UPLOAD_MB * 1024 * 1024,
    webhookAllow,
    oidcRoleMap: roleMap(v.OIDC_ROLE_MAP),
  };
}

/** Reads OIDC_ROLE_MAP; a group's name may hold anything but a comma. @throws ConfigError */
function roleMap(text: string | undefined): RoleOfGroup[] {
  return (text ?? '')
    .split(',')
    .filter((line) => line.trim())
    .map((line) => {
      const at = line.lastIndexOf('=');
      const roles = line
        .slice(at + 1)
        .split('+')
        .map((role) => StaffRole.safeParse(role.trim()));
      const group = line.slice(0, Math.max(at, 0)).trim();
      if (!group || roles.some(({ success }) => !success))
        throw new ConfigError(
          `  OIDC_ROLE_MAP: "${line.trim()}" is not group=role+role with roles of ${StaffRole.options.join(', ')}`,
        );
      return { group, roles: roles.map(({ data }) => data!) };
    });
}

/** Text of `.env.example`: every variable with its meaning and default. */
export function envExample(): string {
  const defaults: Record<string, unknown> = Environment.parse({});
  const lines = Object.entries(Environment.shape).map(([name, schema]) => {
    const value = defaults[name];
    const shown =
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
    return `# ${schema.description ?? ''}\n#${name}=${shown}\n`;
  });
  return `# Every setting of Imprimatur with its default. Generated by: npm run env:example\n\n${lines.join('\n')}`;
}
