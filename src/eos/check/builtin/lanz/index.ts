export * from './verify-lanz.ts'
