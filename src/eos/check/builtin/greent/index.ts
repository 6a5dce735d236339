export * from './verify-green-t.ts'
export * from './verify-green-t-counters.ts'
