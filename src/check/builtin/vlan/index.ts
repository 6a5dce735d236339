import type { Check } from '../../define.ts'

/** The checks of ANTA's module `vlan`, by name. */
export const vlanChecks: readonly Check[] = []
