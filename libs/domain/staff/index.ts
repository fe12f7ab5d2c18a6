export { StaffError } from './errors.js';
export { StaffMembers, type Manager } from './members.js';
export { CompanySignIn, type CompanySettings, type CompanyStart } from './oidc.js';
export { StaffSessions, type OpenedSession, type SignInPlace } from './sessions.js';
export { StaffSignIns, type SignedIn, type SignInServices } from './sign-in.js';
