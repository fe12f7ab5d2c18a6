import type { auditEn } from './audit-en.js';

/** French words of `audit`. */
export const auditFr: typeof auditEn = {
  help: 'le registre de tout ce qui a été fait',
  check: 'recalculer chaque jour clos du registre et le comparer au journal public',
  day: ({ day, state, events }) =>
    ({
      sound: `${day} : intact, ${events} événements`,
      altered: `${day} : MODIFIÉ : ses événements ne sont pas ceux avec lesquels il a été clos`,
      not_logged: `${day} : ${events} événements ; sa racine est en route vers le journal public`,
      log_differs: `${day} : MODIFIÉ : le journal public a une autre racine`,
      missing: `${day} : MODIFIÉ : le journal public a ce jour, la table des jours ne l’a pas`,
    })[state],
  none: 'Aucun jour n’est encore clos.',
  sound: 'Le registre est tel que le journal public le porte.',
  unsound: 'Le registre a été modifié après la clôture de ses jours.',
};
