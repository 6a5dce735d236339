import type { Row } from './row.ts'

/** What the checks of `system` must say. */
export const rows: readonly Row[] = []
