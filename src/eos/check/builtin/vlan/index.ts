export * from './verify-dynamic-vlan-source.ts'
export * from './verify-vlan-internal-policy.ts'
export * from './verify-vlan-status.ts'
