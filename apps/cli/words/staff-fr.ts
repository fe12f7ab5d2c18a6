import type { staffEn } from './staff-en.js';

/** French words of `staff`. */
export const staffFr: typeof staffEn = {
  help: 'les personnes qui examinent et gèrent : ajouter la première, ou aider qui a perdu son mot de passe ou son téléphone',
  create: 'ajouter un membre de l’équipe et afficher son invitation',
  invite: 'afficher une nouvelle invitation pour un membre de l’équipe',
  email: 'son adresse électronique',
  roles: 'ses rôles, séparés par des virgules : reviewer, senior, child_safety, policy, auditor, admin',
  name: 'son nom (par défaut : la partie de l’adresse avant l’@)',
  locale: 'sa langue : en ou fr',
  badRoles: (roles, choices) => `« ${roles} » n’est pas une liste de rôles ; choix possibles : ${choices}.`,
  badEmail: (email) => `« ${email} » n’est pas une adresse électronique.`,
  badLocale: (locale) => `« ${locale} » n’est pas parlé ici ; choisissez en ou fr.`,
  invitation: (email) =>
    `Invitation pour ${email}. Remettez cette adresse en personne ou par un message de votre part :`,
  until: (time) => `Elle fonctionne une fois, jusqu’au ${time}.`,
};

/** French sentences for errors of `#domain/staff` that the command line can meet. */
export const staffCodesFr: Record<string, string> = {
  staff_exists: 'Une personne avec cette adresse fait déjà partie de l’équipe.',
  staff_not_found: 'Personne dans l’équipe n’a cette adresse.',
  staff_disabled: 'Ce compte est désactivé. Réactivez-le d’abord.',
};
