export { createKeys, openKeys, type Keyring } from './keyring.js';
export { KeyError, Sealer } from './sealing.js';
