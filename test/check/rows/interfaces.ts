import type { Row } from './row.ts'

/** What the checks of `interfaces` must say. */
export const rows: readonly Row[] = []
