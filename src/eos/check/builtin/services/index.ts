export * from './verify-dns-lookup.ts'
export * from './verify-dns-servers.ts'
export * from './verify-errdisable-recovery.ts'
export * from './verify-hostname.ts'
