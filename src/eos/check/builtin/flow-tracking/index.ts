export * from './verify-hardware-flow-tracker-status.ts'
