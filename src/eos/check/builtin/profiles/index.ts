export * from './verify-tcam-profile.ts'
export * from './verify-unified-forwarding-table-mode.ts'
