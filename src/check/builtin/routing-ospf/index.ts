import type { Check } from '../../define.ts'

/** The checks of ANTA's module `routing.ospf`, by name. */
export const routingOspfChecks: readonly Check[] = []
