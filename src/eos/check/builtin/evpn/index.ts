export * from './verify-evpn-type5-routes.ts'
