import type { Check } from '../../define.ts'

/** The checks of ANTA's module `routing.isis`, by name. */
export const routingIsisChecks: readonly Check[] = []
