import type { Row } from './row.ts'

/** What the checks of `ptp` must say. */
export const rows: readonly Row[] = []
