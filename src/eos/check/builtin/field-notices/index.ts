export * from './verify-field-notice44-resolution.ts'
export * from './verify-field-notice72-resolution.ts'
