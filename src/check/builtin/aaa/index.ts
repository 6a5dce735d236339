import type { Check } from '../../define.ts'

/** The checks of ANTA's module `aaa`, by name. */
export const aaaChecks: readonly Check[] = []
