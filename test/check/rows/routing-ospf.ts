import type { Row } from './row.ts'

/** What the checks of `routing.ospf` must say. */
export const rows: readonly Row[] = []
