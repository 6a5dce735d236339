export * from './verify-stun-client.ts'
export * from './verify-stun-client-translation.ts'
export * from './verify-stun-server.ts'
