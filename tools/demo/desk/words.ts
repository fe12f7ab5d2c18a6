import type { Locale } from '#contracts';
import type { Strangers } from './deployment.js';
import type { Part } from './people.js';

const en = {
  inUse: ({ tenants, staff, clips }: Strangers) =>
    `This deployment is in use: ${tenants} other tenants, ${staff} members of staff and ${clips} clips are not of a demo. ` +
    'The demo would add staff accounts, cases and made-up history to it. Use another data folder (IMPRIMATUR_DATA_DIR), or say ' +
    'that it may: npm run demo -- --here',
  cannotTell: (url: string) =>
    `The database of ${url} cannot be seen from here, so nobody can tell whether others work with it. To send the six prompts all ` +
    'the same: npm run demo -- --here. The review console is left alone.',
  accounts: 'Making staff accounts and eight weeks of made-up history',
  reading: 'Two demo reviewers read cases',
  waiting: 'Their decisions leave after ten seconds',
  policy: 'Drafting a policy version and trying it on past clips',
  names: {
    reviewer: 'Rosa (demo reviewer)',
    second: 'Sam (demo reviewer)',
    senior: 'Selma (demo senior)',
    policy: 'Paul (demo policy)',
    policy2: 'Petra (demo policy)',
    auditor: 'Aurel (demo auditor)',
    admin: 'Ada (demo admin)',
  } satisfies Record<Part, string>,
  queue: 'Elections and public life',
  rule: 'Politics to those who know it',
  draftNote: 'Demo: doubtful words of adults go out below 0.6 instead of 0.5',
  approval: 'Demo: the back-test was read',
  warning: 'Demo: two refusals in one day',
  console: 'The review console',
  open: (n: number) => `${n} cases wait there. Sign in at`,
  head: { part: 'Role', email: 'E-mail', code: 'Code now', secret: 'Secret for an authenticator app' },
  password: 'Password of all',
  codes: 'A code is good for half a minute, and once. For the next one: npm run demo -- --codes',
  madeUp:
    'What is called "rehearsal" there is made up, for the charts. To end accounts and take it away: npm run demo -- --clear',
  notFilled: 'The review console was not filled: ',
  there: 'The console was filled by an earlier run; nothing was added to it.',
  noAccounts: 'No demo has made accounts in this data folder yet. Make them with: npm run demo',
  cleared: (clips: number) =>
    `${clips} made-up clips with their cases were removed, and the demo's accounts were ended.`,
  kept: (emails: string) =>
    `Still open, because nobody else can manage staff: ${emails}. Add somebody of your own first.`,
  notRunning: 'Start the service first (npm start): its database is needed for this.',
};

/** What the demo says of the console in one language. */
export type DeskWords = typeof en;

const fr: DeskWords = {
  inUse: ({ tenants, staff, clips }) =>
    `Ce déploiement est utilisé : ${tenants} autres clients, ${staff} membres du personnel et ${clips} clips ne viennent pas d’une ` +
    'démonstration. Celle-ci y ajouterait des comptes, des dossiers et un historique inventé. Prenez un autre dossier de données ' +
    '(IMPRIMATUR_DATA_DIR), ou autorisez-la : npm run demo -- --here',
  cannotTell: (url) =>
    `La base de données de ${url} n’est pas visible d’ici : impossible de savoir si d’autres s’en servent. Pour envoyer quand même les ` +
    'six demandes : npm run demo -- --here. La console de modération reste telle quelle.',
  accounts: 'Création de comptes et de huit semaines d’historique inventé',
  reading: 'Deux modérateurs de démonstration lisent des dossiers',
  waiting: 'Leurs décisions partent au bout de dix secondes',
  policy: 'Projet de règles, essayé sur les clips passés',
  names: {
    reviewer: 'Rosa (modératrice de démonstration)',
    second: 'Sam (modérateur de démonstration)',
    senior: 'Selma (senior de démonstration)',
    policy: 'Paul (règles, démonstration)',
    policy2: 'Petra (règles, démonstration)',
    auditor: 'Aurel (auditeur de démonstration)',
    admin: 'Ada (administratrice de démonstration)',
  },
  queue: 'Élections et vie publique',
  rule: 'La politique à ceux qui la connaissent',
  draftNote: 'Démonstration : les mots douteux des adultes passent sous 0,6 au lieu de 0,5',
  approval: 'Démonstration : l’essai a été lu',
  warning: 'Démonstration : deux refus en un jour',
  console: 'La console de modération',
  open: (n) => `${n} dossiers y attendent. Connectez-vous sur`,
  head: { part: 'Rôle', email: 'Adresse', code: 'Code actuel', secret: 'Secret pour une application de codes' },
  password: 'Mot de passe de tous',
  codes: 'Un code vaut une demi-minute, et une fois. Pour le suivant : npm run demo -- --codes',
  madeUp:
    'Ce qui s’y appelle « rehearsal » est inventé, pour les graphiques. Pour fermer les comptes et l’enlever : npm run demo -- --clear',
  notFilled: 'La console de modération n’a pas été remplie : ',
  there: 'La console a été remplie par une démonstration précédente ; rien n’y a été ajouté.',
  noAccounts:
    'Aucune démonstration n’a encore créé de comptes dans ce dossier de données. Pour en créer : npm run demo',
  cleared: (clips) =>
    `${clips} clips inventés et leurs dossiers ont été enlevés, et les comptes de démonstration fermés.`,
  kept: (emails) =>
    `Restent ouverts, car personne d’autre ne gère le personnel : ${emails}. Ajoutez d’abord quelqu’un à vous.`,
  notRunning: 'Démarrez d’abord le service (npm start) : sa base de données est nécessaire.',
};

/** The words of a language. */
export function deskWords(lang: Locale): DeskWords {
  return { en, fr }[lang];
}
