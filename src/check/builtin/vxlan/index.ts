import type { Check } from '../../define.ts'

/** The checks of ANTA's module `vxlan`, by name. */
export const vxlanChecks: readonly Check[] = []
