import { decideOn } from '../execution/decide-on.ts'
import type { Invocation } from '../terminal/io.ts'

/** Rejects a plan. A rejection is final: no later approval of the same digest counts. */
export const run = (invocation: Invocation): Promise<number> => decideOn(invocation, 'reject')
