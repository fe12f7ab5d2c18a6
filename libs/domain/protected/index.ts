export { erase as eraseEntry, sweepRegister } from './erase.js';
export { RegisterError } from './errors.js';
export {
  ProtectedRegister,
  type RegisterStore,
  type RegisterUser,
  type SubmittedImage,
  type TakenFace,
} from './register.js';
