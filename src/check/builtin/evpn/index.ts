import type { Check } from '../../define.ts'
import { verifyEvpnType5Routes } from './verify-evpn-type5-routes.ts'

/** The checks of ANTA's module `evpn`, by name. */
export const evpnChecks: readonly Check[] = [verifyEvpnType5Routes]
