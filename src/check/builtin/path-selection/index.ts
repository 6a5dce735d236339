import type { Check } from '../../define.ts'
import { verifyPathsHealth } from './verify-paths-health.ts'
import { verifySpecificPath } from './verify-specific-path.ts'

/** The checks of ANTA's module `path_selection`, by name. */
export const pathSelectionChecks: readonly Check[] = [verifyPathsHealth, verifySpecificPath]
