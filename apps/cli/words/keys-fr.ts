import type { keysEn } from './keys-en.js';

/** French words of `keys`. */
export const keysFr: typeof keysEn = {
  made: (dir) => `Les clés ont été créées dans ${dir}.`,
  there: (dir) => `Il y a déjà des clés dans ${dir} ; rien n’a été changé.`,
  backup:
    'Gardez une copie de ce dossier en lieu sûr : sans lui, les marques et les certificats ne peuvent être ni posés ni lus.',
  development: 'Le certificat est propre à ce déploiement : d’autres ne le reconnaissent pas encore.',
  columns: {
    certificate: 'Certificat',
    state: 'État',
    added: 'Depuis',
    ends: 'Valable jusqu’au',
    retired: 'Retiré',
    compromised: 'Compromis',
  },
  states: { signs: 'signe', retired: 'retiré', revoked: 'révoqué' },
  added: (sha256, day) => `Désormais ${sha256} signe, au plus tard jusqu’au ${day}.`,
  retired: (sha256) => `Retiré : ${sha256}. Ce qu’il a signé reste à nous ; sa clé est détruite.`,
  revoked: (sha256, since) =>
    `Révoqué : ${sha256}. Ce qui est horodaté à partir de ${since} n’est pas à nous ; ce qui l’a été avant le reste.`,
  nobodySigns: 'Aucun certificat ne signe plus : les clips sont retenus jusqu’à ce qu’il y en ait un nouveau.',
  signsAlready: (sha256) => `${sha256} signe déjà ; rien n’a été changé.`,
  takenUp:
    'Un service en marche le prend en compte en quelques secondes, sinon le prochain démarrage ; il l’inscrit aussi au journal public.',
  deleteKeyFile: (path) => `La clé est maintenant scellée dans le trousseau. Supprimez ${path}.`,
};
