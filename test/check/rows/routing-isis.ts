import { rows as adjacencies } from './routing-isis/adjacencies.ts'
import { rows as segmentRouting } from './routing-isis/segment-routing.ts'
import type { Row } from './row.ts'

/** What the checks of `routing.isis` must say. */
export const rows: readonly Row[] = [...adjacencies, ...segmentRouting]
