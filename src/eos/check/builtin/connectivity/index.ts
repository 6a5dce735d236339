export * from './verify-lldp-neighbors.ts'
export * from './verify-reachability.ts'
