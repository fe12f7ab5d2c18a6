/** English words of `staff`. */
export const staffEn = {
  help: 'people who review and manage: add the first one, or help somebody who lost their password or phone',
  create: 'add a member of staff and print their invitation',
  invite: 'print a new invitation for somebody who is staff already',
  email: 'their e-mail address',
  roles: 'their roles, separated by commas: reviewer, senior, child_safety, policy, auditor, admin',
  name: 'their name (default: the part of the address before the @)',
  locale: 'their language: en or fr',
  badRoles: (roles: string, choices: string) => `"${roles}" is no list of roles; choose from: ${choices}.`,
  badEmail: (email: string) => `"${email}" is no e-mail address.`,
  badLocale: (locale: string) => `"${locale}" is not spoken here; choose en or fr.`,
  invitation: (email: string) =>
    `Invitation for ${email}. Hand this address over in person or by a message of your own:`,
  until: (time: string) => `It works once, until ${time}.`,
};
