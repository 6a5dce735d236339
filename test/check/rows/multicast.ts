import type { Row } from './row.ts'

/** What the checks of `multicast` must say. */
export const rows: readonly Row[] = []
