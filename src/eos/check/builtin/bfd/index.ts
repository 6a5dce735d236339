export * from './verify-bfd-peers-health.ts'
export * from './verify-bfd-peers-intervals.ts'
export * from './verify-bfd-peers-reg-protocols.ts'
export * from './verify-bfd-specific-peers.ts'
