import type { statementsEn } from './statements-en.js';

/** French words of `statements`. */
export const statementsFr: typeof statementsEn = {
  help: 'exposés des motifs',
  export: 'écrire les exposés des motifs tels que les prend la base de données de transparence du DSA',
  from: 'premier jour, UTC (par défaut : aujourd’hui)',
  to: 'dernier jour, UTC (par défaut : aujourd’hui)',
  format: 'csv : colonnes des fichiers de la base ; api : un corps de requête de 100 exposés au plus par ligne',
  out: 'fichier à écrire (par défaut : la sortie standard)',
  badDate: (date) => `« ${date} » n’est pas un jour ; écrivez-le comme 2026-12-31.`,
  badRange: 'Le dernier jour précède le premier.',
  badFormat: (format) => `« ${format} » n’est pas une forme connue ; choisissez csv ou api.`,
  written: (file) => `Écrit dans ${file}. L’envoi vous revient.`,
};
