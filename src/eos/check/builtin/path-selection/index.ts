export * from './verify-paths-health.ts'
export * from './verify-specific-path.ts'
