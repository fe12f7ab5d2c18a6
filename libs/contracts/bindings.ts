import { z } from 'zod';

/** Version of the C2PA Soft Binding Resolution API that is spoken here. */
export const SOFT_BINDING_API_VERSION = '2.4.0';

/** Longest value of a soft binding, in characters of base64: the fingerprint of 16 minutes. */
export const MOST_BINDING_CHARS = 100_000;

const alg = z.string().min(1).max(200).describe('Name from the C2PA list of soft binding algorithms.');
const value = z.base64().min(1).max(MOST_BINDING_CHARS).describe('The value as the algorithm writes it, in base64.');

/** Query of every question for matches. */
export const MatchLimit = z.object({
  maxResults: z.coerce.number().int().min(1).default(10),
});

/** One soft binding: body of `POST /v1/matches/byBinding`. */
export const SoftBinding = z.object({ alg, value });
export type SoftBinding = z.infer<typeof SoftBinding>;

/** Query of `GET /v1/matches/byBinding`. */
export const MatchByBinding = SoftBinding.extend(MatchLimit.shape);

/** Query of `POST /v1/matches/byContent`. */
export const MatchByContent = z
  .object({
    alg: alg.optional().describe('Only what this algorithm finds.'),
    hintAlg: alg.optional().describe('Algorithm of a binding that the sender already read from the file.'),
    hintValue: value.optional().describe('Its value: only manifests that it leads to are answered.'),
    ...MatchLimit.shape,
  })
  .refine(({ hintAlg, hintValue }) => (hintAlg === undefined) === (hintValue === undefined), {
    path: ['hintValue'],
    error: 'hintAlg and hintValue go together: send both or neither.',
  });
export type MatchByContent = z.infer<typeof MatchByContent>;

/** A manifest that a binding or a file leads to. */
export const BindingMatch = z.object({
  /** Label of the active manifest, `urn:c2pa:...`. */
  manifestId: z.string(),
  /** Left out where the pictures could not be compared. */
  similarityScore: z.number().int().min(0).max(100).optional(),
});
export type BindingMatch = z.infer<typeof BindingMatch>;

/** Answer of every question for matches; best first, empty when nothing was found. */
export const BindingMatches = z.object({ matches: z.array(BindingMatch) });
export type BindingMatches = z.infer<typeof BindingMatches>;

/** Identifier of a manifest in an address. */
export const ManifestId = z
  .string()
  .max(300)
  .regex(/^urn:(c2pa|uuid):[\x21-\x7e]+$/, 'A manifest identifier looks like urn:c2pa:<uuid>.');

/** Query of `GET /v1/manifests/{activeManifestId}`. */
export const FetchManifest = z.object({
  returnActiveManifest: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Only the manifest itself, without those of its ingredients.'),
});

const named = z.array(z.object({ alg: z.string() }));

/** Answer of `GET /v1/services/supportedAlgorithms`. */
export const SupportedAlgorithms = z.object({ watermarks: named, fingerprints: named });
export type SupportedAlgorithms = z.infer<typeof SupportedAlgorithms>;

/** Answer of `GET /v1/services/capabilities`. */
export const BindingCapabilities = z.object({
  c2paSpecificationVersion: z.string(),
  supportedCapabilities: z.array(z.enum(['queryByContent', 'queryByReference', 'storeManifests', 'storeBindings'])),
});
export type BindingCapabilities = z.infer<typeof BindingCapabilities>;

/** Answer of `GET /v1/services/status`. `degraded`: no worker lives, so only watermark values and manifests are answered. */
export const BindingStatus = z.object({
  status: z.enum(['ok', 'degraded', 'down']),
  timestamp: z.iso.datetime(),
});
export type BindingStatus = z.infer<typeof BindingStatus>;

/** Answer of `GET /.well-known/c2pa-soft-binding-resolution`. All addresses are absolute. */
export const BindingDiscovery = z.object({
  apiEndpoint: z.url(),
  c2paSpecificationVersion: z.string(),
  capabilitiesEndpoint: z.url(),
  statusEndpoint: z.url(),
});
export type BindingDiscovery = z.infer<typeof BindingDiscovery>;
