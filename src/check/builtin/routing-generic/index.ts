import type { Check } from '../../define.ts'

/** The checks of ANTA's module `routing.generic`, by name. */
export const routingGenericChecks: readonly Check[] = []
