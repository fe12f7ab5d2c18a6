import type { LocalText } from '#contracts';

/** What no examination of this kind can rule out, for every report. Errors of the adversarial kind have no rate. */
export const LIMITS: readonly LocalText[] = [
  {
    en: 'Credentials and watermark can be removed. That nothing was found is weak evidence, and only releases of this service were looked for.',
    fr: 'Certificat et filigrane peuvent être retirés. Ne rien trouver est un indice faible, et seules les diffusions de ce service ont été cherchées.',
  },
  {
    en: 'Whoever holds the watermark key, or copies the mark out of a marked clip, can put an identifier into other pictures.',
    fr: 'Qui détient la clé du filigrane, ou copie la marque d’un clip marqué, peut placer un identifiant dans d’autres images.',
  },
  {
    en: 'A stolen signing key makes signatures that hold until its certificate is revoked; register and log bound the damage.',
    fr: 'Une clé de signature volée produit des signatures valables jusqu’à la révocation de son certificat ; le registre et le journal en limitent l’effet.',
  },
  {
    en: 'The bytes of a file can be changed without changing picture or sound. Its hash then differs; that is no accusation.',
    fr: 'Les octets d’un fichier peuvent être modifiés sans changer l’image ni le son. Son empreinte diffère alors ; ce n’est pas une accusation.',
  },
];
