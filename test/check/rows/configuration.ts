import type { Row } from './row.ts'

/** What the checks of `configuration` must say. */
export const rows: readonly Row[] = []
