import type { Row } from './row.ts'

/** What the checks of `routing.isis` must say. */
export const rows: readonly Row[] = []
