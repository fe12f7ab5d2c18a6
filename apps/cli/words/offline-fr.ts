import type { offlineEn } from './offline-en.js';

/** French words of `verify --offline`. */
export const offlineFr: typeof offlineEn = {
  help: 'contrôler un rapport par son bundle.zip, sans réseau ; le fichier est celui qui a été examiné',
  at: 'avec --offline : date de validation, ISO 8601 (par défaut : maintenant)',
  key: 'avec --offline : SHA-256 de la clé qui signe les rapports, telle que le service la publie',
  busy: 'Contrôle du dossier',
  badTime: (text) => `« ${text} » n’est pas une date ; écrivez-la comme 2026-01-31T12:00:00Z.`,
  badKey: (text) => `« ${text} » n’est pas un SHA-256 : il faut 64 chiffres hexadécimaux.`,
  needsFile: 'Indiquez un fichier, ou un dossier avec --offline.',
  needsOffline: '--at et --key vont avec --offline.',
  outcomes: {
    same: 'Tout tient, et la même ligne en résulte.',
    differs: 'Quelque chose diffère. Ne vous fondez pas sur ce rapport.',
    unable: 'Rien ne diffère, mais tout n’a pas pu être établi. Ne vous fondez pas sur ce rapport avant cela.',
  },
  row: (row, code) => `ligne ${row} (${code})`,
  noRow: 'aucune ligne',
  report: 'Rapport',
  statement: 'Énoncé',
  at_: 'Validé au',
  keyLine: 'Clé de signature',
  checks: {
    files: 'Fichiers du dossier',
    report: 'Rapport et signature',
    key: 'Clé de signature',
    time_stamp: 'Horodatage',
    log: 'Journal public',
    row: 'Ligne, recalculée',
    file: 'Le fichier',
    file_credentials: 'Son certificat',
    file_watermark: 'Son filigrane',
  },
  states: { holds: 'tient', differs: 'DIFFÈRE', unable: 'indéterminé', not_checked: 'non contrôlé' },
  keyFrom: { option: 'celle indiquée avec --key', machine: 'celle de cette machine' },
  keyUnknown:
    'La clé vient du dossier lui-même, et qui invente un dossier en invente la clé. Comparez-la avec celle du service et indiquez-la avec --key.',
  noWatermarkKey: 'les clés de filigrane de ce service ne sont pas sur cette machine',
  noLog: 'le rapport ne repose pas sur le journal',
};

/** French sentences for the errors of a bundle, by code. */
export const bundleCodesFr = {
  bundle_unreadable: 'Le dossier n’est pas une archive ZIP lisible. Récupérez-le à nouveau.',
  bundle_too_large: 'Le dossier n’a pas été ouvert : un dossier de ce service est plus petit.',
  bundle_entry_unknown: 'Le dossier contient un fichier qu’aucun des nôtres ne contient.',
  bundle_entry_twice: 'Le dossier contient deux fois le même fichier.',
  bundle_entry_missing: 'Il manque un fichier au dossier. Récupérez-le à nouveau.',
  bundle_json_invalid: 'Un fichier JSON du dossier ne peut pas être lu. Récupérez-le à nouveau.',
};
