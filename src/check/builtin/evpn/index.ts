import type { Check } from '../../define.ts'

/** The checks of ANTA's module `evpn`, by name. */
export const evpnChecks: readonly Check[] = []
