export * from './verify-avt-path-health.ts'
export * from './verify-avt-role.ts'
export * from './verify-avt-specific-path.ts'
