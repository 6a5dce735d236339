import type { Row } from './row.ts'

/** What the checks of `field_notices` must say. */
export const rows: readonly Row[] = []
