import { rows as addresses } from './interfaces/addresses.ts'
import { rows as counters } from './interfaces/counters.ts'
import { rows as optics } from './interfaces/optics.ts'
import { rows as portChannels } from './interfaces/port-channels.ts'
import { rows as ports } from './interfaces/ports.ts'
import { rows as queues } from './interfaces/queues.ts'
import type { Row } from './row.ts'

/** What the checks of `interfaces` must say. */
export const rows: readonly Row[] = [...addresses, ...counters, ...optics, ...ports, ...portChannels, ...queues]
