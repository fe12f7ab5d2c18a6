export { audienceOf } from './age.js';
export { ageOfMaker } from './ages.js';
export { raiseAlert } from './alerts.js';
export { areMutual } from './contacts.js';
export { mayBeCameo } from './content.js';
export { AccessError, GuardianshipError } from './errors.js';
export { openGuardianship, type Guardianship } from './open.js';
export { watchForGuardians } from './watch.js';
