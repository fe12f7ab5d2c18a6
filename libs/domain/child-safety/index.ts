export { SafetyCases } from './cases.js';
export { CaseDesk } from './desk.js';
export { SafetyError } from './errors.js';
export { StaffSafetyCases } from './staff.js';
export { SafetyReports, type ReportingSettings } from './reports.js';
export { reconcileCases, sealCase, sweepCases, type SafetyStore } from './sealing.js';
