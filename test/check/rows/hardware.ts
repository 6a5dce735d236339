import { chassisRows } from './hardware/chassis.ts'
import { counterRows } from './hardware/counters.ts'
import { environmentRows } from './hardware/environment.ts'
import { inventoryRows } from './hardware/inventory.ts'
import type { Row } from './row.ts'

/** What the checks of `hardware` must say. */
export const rows: readonly Row[] = [...chassisRows, ...counterRows, ...environmentRows, ...inventoryRows]
