import type { Row } from './row.ts'

/** What the checks of `routing.bgp` must say. */
export const rows: readonly Row[] = []
