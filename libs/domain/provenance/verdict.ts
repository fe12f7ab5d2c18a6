import type { CredentialsFinding, LocalText, RegistryFinding, VerdictCode, WatermarkFinding } from '#contracts';

/** What the register knows under each identifier that was read from a file. */
export interface RegisteredAs {
  /** Release whose file has exactly these bytes. */
  bytes: RegisteredRelease | null;
  /** Release whose manifest the file carries. */
  manifest: RegisteredRelease | null;
  /** Release whose id the pictures carry. */
  watermark: RegisteredRelease | null;
}

/** A release, as far as the public may know it. */
export interface RegisteredRelease {
  id: string;
  releasedAt: string;
}

/** All that a verdict rests on. */
export interface VerdictInput {
  credentials: CredentialsFinding;
  watermark: WatermarkFinding;
  /** `null` when the register could not be asked. */
  registered: RegisteredAs | null;
}

type Verdict = { code: VerdictCode; text: LocalText };

const day = (release: RegisteredRelease) => release.releasedAt.slice(0, 10);

const WORDS: Record<VerdictCode, (r: RegisteredRelease) => LocalText> = {
  released_exact: (r) => ({
    en: `Bit-exact copy of release ${r.id}, generated through this service and released on ${day(r)}.`,
    fr: `Copie identique, octet pour octet, de la diffusion ${r.id}, générée par ce service et diffusée le ${day(r)}.`,
  }),
  released_repackaged: (r) => ({
    en: `Generated through this service and released on ${day(r)} as ${r.id}. Picture and sound are unchanged since signing; the bytes around them differ.`,
    fr: `Générée par ce service et diffusée le ${day(r)} sous le numéro ${r.id}. L’image et le son n’ont pas changé depuis la signature ; les octets qui les entourent diffèrent.`,
  }),
  signed_but_not_registered: () => ({
    en: 'Signed with a key of this service but absent from its register. No statement of origin is made; treat the file as suspect.',
    fr: 'Signée avec une clé de ce service mais absente de son registre. Aucune origine n’est affirmée ; ce fichier doit être considéré comme suspect.',
  }),
  derived: (r) => ({
    en: `The pictures carry the identifier of release ${r.id} (${day(r)}). The file has no credentials of ours that fit it: they were removed or replaced, and later changes were not assessed. Identifiers can be copied; the pictures were not compared with the release.`,
    fr: `Les images portent l’identifiant de la diffusion ${r.id} (${day(r)}). Le fichier n’a pas de certificat de notre part qui lui corresponde : il a été retiré ou remplacé, et les modifications ultérieures n’ont pas été évaluées. Un identifiant peut être copié ; les images n’ont pas été comparées à celles de la diffusion.`,
  }),
  credentials_do_not_match_content: (r) => ({
    en: `The credentials of release ${r.id} (${day(r)}) are attached and its identifier was found in the pictures, but the content changed after it was signed.`,
    fr: `Le certificat de la diffusion ${r.id} (${day(r)}) est joint et son identifiant se trouve dans les images, mais le contenu a changé après la signature.`,
  }),
  credentials_on_other_content: (r) => ({
    en: `The credentials of release ${r.id} are attached to different content: its identifier was not found in these pictures.`,
    fr: `Le certificat de la diffusion ${r.id} est joint à un autre contenu : son identifiant n’a pas été trouvé dans ces images.`,
  }),
  conflicting: () => ({
    en: 'Conflicting signs of origin: the credentials name one release and the pictures carry the identifier of another. No conclusion; a person should look.',
    fr: 'Indices d’origine contradictoires : le certificat désigne une diffusion et les images portent l’identifiant d’une autre. Aucune conclusion ; une personne doit examiner ce fichier.',
  }),
  signed_by_other: () => ({
    en: 'The file carries credentials of another signer, shown as stated. No evidence that it was generated through this service.',
    fr: 'Le fichier porte le certificat d’un autre signataire, présenté tel quel. Rien n’indique qu’il a été généré par ce service.',
  }),
  credentials_damaged: () => ({
    en: 'Credentials are present but damaged, and no identifier was found. No conclusion.',
    fr: 'Un certificat est présent mais endommagé, et aucun identifiant n’a été trouvé. Aucune conclusion.',
  }),
  no_evidence: () => ({
    en: 'No evidence that it was generated through this service. This says nothing about how it was made, with or without AI.',
    fr: 'Rien n’indique que ce fichier a été généré par ce service. Cela ne dit rien de la façon dont il a été fait, avec ou sans IA.',
  }),
  identifier_on_other_pictures: (r) => ({
    en: `The file carries the identifier of release ${r.id}, but the pictures differ. Identifiers can be copied. Inconclusive; a person should look.`,
    fr: `Le fichier porte l’identifiant de la diffusion ${r.id}, mais les images diffèrent. Un identifiant peut être copié. Aucune conclusion ; une personne doit examiner ce fichier.`,
  }),
  resembles: (r) => ({
    en: `The pictures resemble release ${r.id} (${day(r)}). Resemblance alone does not show origin.`,
    fr: `Les images ressemblent à la diffusion ${r.id} (${day(r)}). Une ressemblance ne prouve pas à elle seule l’origine.`,
  }),
  contains_ours: (r) => ({
    en: `Contains material generated through this service (release ${r.id}), later changed by somebody else, as their credentials state.`,
    fr: `Contient des images générées par ce service (diffusion ${r.id}), modifiées ensuite par un tiers, selon le certificat de ce dernier.`,
  }),
  unable: () => ({
    en: 'The file could not be examined completely, so no statement is made. The failed checks are listed.',
    fr: 'Le fichier n’a pas pu être examiné complètement : aucune affirmation n’est faite. Les contrôles en échec sont listés.',
  }),
};

const NONE: RegisteredRelease = { id: '', releasedAt: '' };

function say(code: VerdictCode, release: RegisteredRelease = NONE): Verdict {
  return { code, text: WORDS[code](release) };
}

/**
 * Which careful sentence the findings allow. Pure; the order of the rows is the order of caution. A check that failed
 * never counts as "not found".
 */
export function verdictOf({ credentials, watermark, registered }: VerdictInput): Verdict {
  if (!registered || credentials.state === 'unable') return say('unable');
  const { manifest, bytes } = registered;
  const marked = watermark.state === 'found' ? registered.watermark : null;
  if (credentials.state === 'ours') {
    if (!manifest || credentials.revocation === 'revoked') return say('signed_but_not_registered');
    if (marked && marked.id !== manifest.id) return say('conflicting');
    return bytes?.id === manifest.id ? say('released_exact', manifest) : say('released_repackaged', manifest);
  }
  // From here on a mark that could not be read leaves the question open.
  if (watermark.state === 'unable') return say('unable');
  // Only our own signature vouches for the soft binding; without it the manifest's name may be a forgery.
  if (credentials.state === 'mismatch' && manifest && credentials.softBinding === manifest.id) {
    if (!marked) return say('credentials_on_other_content', manifest);
    return marked.id === manifest.id ? say('credentials_do_not_match_content', manifest) : say('conflicting');
  }
  if (marked) return say('derived', marked);
  if (credentials.state === 'other_trusted' || credentials.state === 'unknown_signer') return say('signed_by_other');
  return credentials.state === 'none' ? say('no_evidence') : say('credentials_damaged');
}

/** The register's finding for the report. */
export function registryFinding(registered: RegisteredAs | null, detail?: string): RegistryFinding {
  if (!registered) return { state: 'unable', releaseId: null, releasedAt: null, by: null, detail };
  const { bytes, manifest, watermark } = registered;
  const found = bytes ?? manifest ?? watermark;
  if (!found) return { state: 'unknown', releaseId: null, releasedAt: null, by: null };
  const by = bytes ? 'sha256' : manifest ? 'manifest' : 'watermark';
  return { state: bytes ? 'same_bytes' : 'known', releaseId: found.id, releasedAt: found.releasedAt, by };
}
