import type { Check } from '../../define.ts'

/** The checks of ANTA's module `routing.bgp`, by name. */
export const routingBgpChecks: readonly Check[] = []
