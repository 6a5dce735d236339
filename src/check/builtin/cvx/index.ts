import type { Check } from '../../define.ts'

/** The checks of ANTA's module `cvx`, by name. */
export const cvxChecks: readonly Check[] = []
