export * from './verify-ospf-max-lsa.ts'
export * from './verify-ospf-neighbor-count.ts'
export * from './verify-ospf-neighbor-state.ts'
export * from './verify-ospf-specific-neighbors.ts'
