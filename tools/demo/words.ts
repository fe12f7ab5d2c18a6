import type { Locale } from '#contracts';

const en = {
  title: 'Imprimatur: six prompts, and what becomes of them',
  using: (url: string) => `Service: ${url} (already running)`,
  starting: (url: string, log: string) => `No service answers at ${url}: starting one. Its log: ${log}`,
  started: (seconds: string) => `Service ready after ${seconds} s.`,
  stopping: 'Stopping the service that this demo started.',
  notStarted: (log: string) => `The service did not become ready. The end of ${log}:`,
  asks: {
    plain: 'harmless',
    refused: 'to be refused at once',
    held: 'to be held for a person',
    stopped: 'harmless, with a synthetic signal that the demo injects',
  },
  states: {
    refused_prompt: 'refused at the prompt',
    held: 'held for a person',
    stopped: 'stopped at the finished clip',
    released: 'released',
    failed: 'failed',
  },
  synthetic: 'SYNTHETIC signal, injected by the demo',
  table: { prompt: 'Prompt', became: 'What became of it', why: 'Why' },
  marks: (id: string, z: string, frames: number) =>
    `Release ${id}: mark (strength ${z}, ${frames} frames) and credentials were read back from the file before it was released.`,
  statement: (id: string) => `Statement of reasons: ${id}`,
  copies: 'One released clip, and a copy that was re-encoded without its metadata',
  reencoding: 'Re-encoding a copy (shorter side 540, H.264 CRF 28, no metadata)',
  verifying: 'Verifying both files',
  file: 'File',
  released: 'Released clip',
  reencoded: 'Re-encoded copy',
  verdict: 'What can be said of it',
  next: 'What to do next',
  startAgain: 'Start the service again, in another terminal:',
  decide: 'Decide on the clip that is held:',
  orDirectly: 'or directly:',
  verify: 'Verify a file yourself:',
  took: (seconds: string) => `The demo took ${seconds} s.`,
  nothingReleased: 'No clip was released, so there is nothing to verify.',
  unexpected: 'Not everything went as it should: compare the table with what each prompt was meant to show.',
};

/** What the demo says in one language. */
export type DemoWords = typeof en;

const fr: DemoWords = {
  title: 'Imprimatur : six demandes, et ce qu’elles deviennent',
  using: (url) => `Service : ${url} (déjà démarré)`,
  starting: (url, log) => `Aucun service ne répond à ${url} : démarrage. Son journal : ${log}`,
  started: (seconds) => `Service prêt après ${seconds} s.`,
  stopping: 'Arrêt du service démarré par cette démonstration.',
  notStarted: (log) => `Le service n’a pas démarré. Fin de ${log} :`,
  asks: {
    plain: 'inoffensive',
    refused: 'à refuser aussitôt',
    held: 'à retenir pour une personne',
    stopped: 'inoffensive, avec un signal synthétique injecté par la démonstration',
  },
  states: {
    refused_prompt: 'refusée à la demande',
    held: 'retenue pour une personne',
    stopped: 'arrêtée au clip terminé',
    released: 'diffusée',
    failed: 'échouée',
  },
  synthetic: 'signal SYNTHÉTIQUE, injecté par la démonstration',
  table: { prompt: 'Demande', became: 'Ce qu’elle est devenue', why: 'Pourquoi' },
  marks: (id, z, frames) =>
    `Diffusion ${id} : filigrane (force ${z}, ${frames} images) et certificat ont été relus dans le fichier avant la diffusion.`,
  statement: (id) => `Exposé des motifs : ${id}`,
  copies: 'Un clip diffusé, et une copie réencodée sans ses métadonnées',
  reencoding: 'Réencodage d’une copie (petit côté 540, H.264 CRF 28, sans métadonnées)',
  verifying: 'Examen des deux fichiers',
  file: 'Fichier',
  released: 'Clip diffusé',
  reencoded: 'Copie réencodée',
  verdict: 'Ce qu’on peut en dire',
  next: 'Pour continuer',
  startAgain: 'Redémarrez le service, dans un autre terminal :',
  decide: 'Décidez du clip retenu :',
  orDirectly: 'ou directement :',
  verify: 'Vérifiez vous-même un fichier :',
  took: (seconds) => `La démonstration a duré ${seconds} s.`,
  nothingReleased: 'Aucun clip n’a été diffusé : il n’y a rien à examiner.',
  unexpected: 'Tout ne s’est pas passé comme prévu : comparez le tableau à ce que chaque demande devait montrer.',
};

/** The words of a language. */
export function demoWords(lang: Locale): DemoWords {
  return { en, fr }[lang];
}
