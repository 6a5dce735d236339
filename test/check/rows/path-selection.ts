import type { Row } from './row.ts'

/** What the checks of `path_selection` must say. */
export const rows: readonly Row[] = []
