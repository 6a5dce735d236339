export * from './verify-eos-extensions.ts'
export * from './verify-eos-version.ts'
export * from './verify-termin-attr-version.ts'
