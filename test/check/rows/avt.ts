import type { Row } from './row.ts'

/** What the checks of `avt` must say. */
export const rows: readonly Row[] = []
