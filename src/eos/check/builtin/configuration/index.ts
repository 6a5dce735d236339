export * from './verify-running-config.ts'
export * from './verify-running-config-diffs.ts'
export * from './verify-running-config-lines.ts'
export * from './verify-zero-touch.ts'
