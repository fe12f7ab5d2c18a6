export { registeredLeaves, registerSigners } from './register.js';
export { Signers } from './signers.js';
