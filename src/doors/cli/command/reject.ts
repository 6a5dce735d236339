import { decideOn } from '../execution/decide-on.ts'
import type { Invocation } from '../terminal/io.ts'

export const run = (invocation: Invocation): Promise<number> => decideOn(invocation, 'reject')
