export { ConsentFaces } from './check.js';
export { ConsentGuard } from './guard.js';
export { KeptFaces } from './kept.js';
export { SealedPortraits } from './portraits.js';
export { referenceFaces } from './reference.js';
export type { FaceHit, FaceRegister } from './register.js';
