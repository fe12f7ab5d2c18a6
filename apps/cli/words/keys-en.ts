/** English words of `keys`. */
export const keysEn = {
  made: (dir: string) => `The keys were made in ${dir}.`,
  there: (dir: string) => `There are keys already in ${dir}; nothing was changed.`,
  backup: 'Keep a copy of this folder in a safe place: without it, marks and credentials can neither be made nor read.',
  development: 'The certificate is this deployment’s own: others do not trust it yet.',
  columns: {
    certificate: 'Certificate',
    state: 'State',
    added: 'Since',
    ends: 'Valid until',
    retired: 'Retired',
    compromised: 'Compromised',
  },
  states: { signs: 'signs', retired: 'retired', revoked: 'revoked' },
  added: (sha256: string, day: string) => `From now on ${sha256} signs, until ${day} at the latest.`,
  retired: (sha256: string) => `Retired: ${sha256}. What it signed stays ours; its key is destroyed.`,
  revoked: (sha256: string, since: string) =>
    `Revoked: ${sha256}. What is stamped from ${since} on is not ours; what was stamped before stays ours.`,
  nobodySigns: 'No certificate signs now: clips are held until there is a new one.',
  signsAlready: (sha256: string) => `${sha256} signs already; nothing was changed.`,
  takenUp:
    'A running service takes this up within seconds, otherwise the next start; it also enters it into the public log.',
  deleteKeyFile: (path: string) => `The key is sealed in the keyring now. Delete ${path}.`,
};
