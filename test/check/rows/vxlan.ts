import type { Row } from './row.ts'

/** What the checks of `vxlan` must say. */
export const rows: readonly Row[] = []
