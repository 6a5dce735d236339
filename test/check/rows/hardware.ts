import type { Row } from './row.ts'

/** What the checks of `hardware` must say. */
export const rows: readonly Row[] = []
