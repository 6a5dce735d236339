export * from './verify-igmp-snooping-global.ts'
export * from './verify-igmp-snooping-vlans.ts'
