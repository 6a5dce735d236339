import type { Check } from '../../define.ts'

/** The checks of ANTA's module `path_selection`, by name. */
export const pathSelectionChecks: readonly Check[] = []
