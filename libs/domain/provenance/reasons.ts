import type { CredentialsFinding, LocalText, LogFinding, Segment, VerdictCode } from '#contracts';
import { pointedTo, type RegisteredRelease, type Resolved, type VerdictInput } from './signals.js';

const say = (en: string, fr: string): LocalText => ({ en, fr });

const CREDENTIALS: Record<CredentialsFinding['state'], LocalText> = {
  ours: say(
    'Credentials: signed with a key of this service; picture and sound have not changed since.',
    'Certificat : signé avec une clé de ce service ; l’image et le son n’ont pas changé depuis.',
  ),
  other_trusted: say(
    'Credentials: of another signer on the trust list; what they state was not checked further.',
    'Certificat : d’un autre signataire, sur la liste de confiance ; ce qu’il déclare n’a pas été contrôlé davantage.',
  ),
  unknown_signer: say(
    'Credentials: of a signer on no trust list in force here. Anybody may write any name into such credentials.',
    'Certificat : d’un signataire absent des listes de confiance utilisées ici. N’importe qui peut y inscrire n’importe quel nom.',
  ),
  mismatch: say(
    'Credentials: present, but the content is not what was signed.',
    'Certificat : présent, mais le contenu n’est pas celui qui a été signé.',
  ),
  damaged: say(
    'Credentials: present, but they do not hold; nothing in them is relied on.',
    'Certificat : présent, mais non valable ; rien de ce qu’il contient n’est retenu.',
  ),
  none: say(
    'Credentials: none in the file. Many platforms remove them from every file.',
    'Certificat : aucun dans le fichier. Beaucoup de plateformes le retirent de tous les fichiers.',
  ),
  unable: say('Credentials: the check failed.', 'Certificat : le contrôle a échoué.'),
};

const LOG: Record<LogFinding['state'], LocalText> = {
  included: say('Public log: the release is in it.', 'Journal public : la diffusion y figure.'),
  missing: say(
    'Public log: the release is not in it, although every release must be.',
    'Journal public : la diffusion n’y figure pas, alors que toute diffusion doit y figurer.',
  ),
  withdrawn: say(
    'Public log: the release is in it, and so is its withdrawal.',
    'Journal public : la diffusion y figure, ainsi que son retrait.',
  ),
  not_run: say('Public log: not looked up.', 'Journal public : non consulté.'),
  unable: say('Public log: the lookup failed.', 'Journal public : la consultation a échoué.'),
};

/** What a sentence does not say, for the codes where a reader might think that it does. */
const NOT_SAID: Partial<Record<VerdictCode, LocalText>> = {
  released_exact: say(
    'This says where the file comes from, not that what it shows took place.',
    'Cela dit d’où vient le fichier, non que ce qu’il montre a eu lieu.',
  ),
  derived: say(
    'This does not say who changed the copy, when, or what was changed.',
    'Cela ne dit pas qui a modifié la copie, ni quand, ni ce qui a été modifié.',
  ),
  identifier_on_other_pictures: say(
    'This does not say who put the identifier there, nor that the release is the source.',
    'Cela ne dit pas qui a placé l’identifiant, ni que la diffusion est la source.',
  ),
  resembles: say(
    'Two works can be alike without one coming from the other.',
    'Deux œuvres peuvent se ressembler sans que l’une vienne de l’autre.',
  ),
  credentials_do_not_match_content: say(
    'This does not say who changed the content, when, or why.',
    'Cela ne dit pas qui a modifié le contenu, ni quand, ni pourquoi.',
  ),
  credentials_on_other_content: say(
    'Credentials can be copied from one file to another; this does not say who did it. The release itself is not in doubt.',
    'Un certificat peut être copié d’un fichier à un autre ; cela ne dit pas qui l’a fait. La diffusion elle-même n’est pas en cause.',
  ),
  contains_ours: say(
    'That the release was used is the statement of the other signer; it was not measured how much of it remains.',
    'L’emploi de la diffusion est une déclaration de l’autre signataire ; la part qui en reste n’a pas été mesurée.',
  ),
  signed_but_not_registered: say(
    'A stolen key or a fault of this service can lead here; the operator must look into it.',
    'Une clé volée ou une défaillance de ce service peut y conduire ; l’exploitant doit l’examiner.',
  ),
  no_evidence: say(
    'Absence of a mark is weak evidence: marks and credentials can be removed, and only releases of this service were looked for.',
    'L’absence de marque est un indice faible : marques et certificats peuvent être retirés, et seules les diffusions de ce service ont été cherchées.',
  ),
  unable: say(
    'A check that failed is not read as “nothing found”.',
    'Un contrôle en échec n’est pas lu comme « rien trouvé ».',
  ),
};

function register({ registered }: VerdictInput, { bytes, manifest }: Resolved): LocalText {
  if (!registered) return say('Register: it could not be asked.', 'Registre : il n’a pas pu être interrogé.');
  if (bytes)
    return say(
      `Register: exactly these bytes were released as ${bytes.id}.`,
      `Registre : exactement ces octets ont été diffusés sous le numéro ${bytes.id}.`,
    );
  if (manifest)
    return say(
      `Register: the credentials bear the number that was registered for release ${manifest.id}; the bytes differ.`,
      `Registre : le certificat porte le numéro enregistré pour la diffusion ${manifest.id} ; les octets diffèrent.`,
    );
  return say(
    'Register: neither these bytes nor these credentials are registered.',
    'Registre : ni ces octets ni ce certificat ne sont enregistrés.',
  );
}

function watermark({ watermark: { state, releaseId }, registered }: VerdictInput, { marked }: Resolved): LocalText {
  if (state === 'unable') return say('Watermark: the check failed.', 'Filigrane : le contrôle a échoué.');
  if (state === 'none' || !releaseId)
    return say('Watermark: none was found in the pictures.', 'Filigrane : aucun n’a été trouvé dans les images.');
  if (marked)
    return say(
      `Watermark: the identifier of release ${marked.id} was found in the pictures.`,
      `Filigrane : l’identifiant de la diffusion ${marked.id} a été trouvé dans les images.`,
    );
  return registered
    ? say(
        'Watermark: an identifier was read that belongs to no release; it counts as none.',
        'Filigrane : un identifiant a été lu qui n’appartient à aucune diffusion ; il compte comme absent.',
      )
    : say(
        'Watermark: an identifier was read; whether it belongs to a release is not known here.',
        'Filigrane : un identifiant a été lu ; on ne sait pas ici s’il appartient à une diffusion.',
      );
}

function likeness(track: Segment['track'], input: VerdictInput, near: RegisteredRelease[]): LocalText {
  const { state } = input.fingerprint[track];
  const [en, fr] =
    track === 'picture' ? ['Picture fingerprint', 'Empreinte de l’image'] : ['Sound fingerprint', 'Empreinte du son'];
  if (near.length) {
    const ids = near.map(({ id }) => id).join(', ');
    return say(`${en}: near release ${ids}.`, `${fr} : proche de la diffusion ${ids}.`);
  }
  if (state === 'unable') return say(`${en}: the comparison failed.`, `${fr} : la comparaison a échoué.`);
  if (state === 'near' && !input.registered)
    return say(
      `${en}: near a release; which one is not known here.`,
      `${fr} : proche d’une diffusion ; on ne sait pas ici laquelle.`,
    );
  if (state === 'not_run') return say(`${en}: not compared.`, `${fr} : non comparée.`);
  return say(`${en}: near no registered release.`, `${fr} : proche d’aucune diffusion enregistrée.`);
}

/** Parts are told one by one only while a reader can take them in. */
const MAX_PARTS = 20;

function parts(segments: Segment[], resolved: Resolved): LocalText[] {
  const known = new Set(pointedTo(resolved).map(({ id }) => id));
  const told = segments.filter(
    ({ state, releaseId }) => state !== 'other' && (state === 'unable' || known.has(releaseId ?? '')),
  );
  const lines = told.slice(0, MAX_PARTS).map(({ track, startS, endS, state, releaseId }) => {
    const [en, fr] = track === 'picture' ? ['Picture', 'Image'] : ['Sound', 'Son'];
    const [from, to] = [startS.toFixed(1), endS.toFixed(1)];
    const [fromFr, toFr] = [from.replace('.', ','), to.replace('.', ',')];
    return state === 'unable'
      ? say(
          `${en}, seconds ${from} to ${to}: could not be looked at.`,
          `${fr}, secondes ${fromFr} à ${toFr} : n’ont pas pu être examinées.`,
        )
      : say(
          `${en}, seconds ${from} to ${to}: points to release ${releaseId}.`,
          `${fr}, secondes ${fromFr} à ${toFr} : désigne la diffusion ${releaseId}.`,
        );
  });
  const more = told.length - lines.length;
  return more > 0
    ? [
        ...lines,
        say(`Further parts are in the findings: ${more}.`, `D’autres parties figurent dans les constats : ${more}.`),
      ]
    : lines;
}

/**
 * What led to a sentence, one reason for each check whether it was made, not made or failed, then what the sentence does
 * not say. Holds no text from the file: names in credentials stay in the findings.
 */
export function reasonsOf(code: VerdictCode, input: VerdictInput, resolved: Resolved): LocalText[] {
  const { credentials, log, segments } = input;
  const { ingredients, picture, sound } = resolved;
  const ids = ingredients.map(({ id }) => id).join(', ');
  const notSaid = NOT_SAID[code === 'released_repackaged' ? 'released_exact' : code];
  return [
    CREDENTIALS[credentials.state],
    ...(credentials.revocation === 'revoked'
      ? [
          say(
            'Credentials: the signing certificate was revoked.',
            'Certificat : le certificat de signature a été révoqué.',
          ),
        ]
      : []),
    ...(ids
      ? [
          say(
            `Credentials: they name as a source release ${ids}.`,
            `Certificat : il désigne comme source la diffusion ${ids}.`,
          ),
        ]
      : []),
    register(input, resolved),
    watermark(input, resolved),
    likeness('picture', input, picture),
    likeness('sound', input, sound),
    ...parts(segments, resolved),
    ...(pointedTo(resolved).length || log.state !== 'not_run' ? [LOG[log.state]] : []),
    ...(notSaid ? [notSaid] : []),
  ];
}
