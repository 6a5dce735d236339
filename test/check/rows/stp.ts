import type { Row } from './row.ts'

/** What the checks of `stp` must say. */
export const rows: readonly Row[] = []
