import type { Row } from './row.ts'

/** What the checks of `services` must say. */
export const rows: readonly Row[] = []
