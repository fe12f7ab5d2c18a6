export { erase as eraseEntry, sweepRegister } from './erase.js';
export { RegisterError } from './errors.js';
export { ProtectedRegister, type RegisterStore, type SubmittedImage, type TakenFace } from './register.js';
export { StaffRegister } from './staff.js';
export type { RegisterKey, RegisterUser } from './users.js';
