import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** What a server is started with so that it tells how late the timer of its engine is. */
export const TIMER = fileURLToPath(new URL('./timer-late.mjs', import.meta.url))

/** What `timer-late.mjs` tells. */
interface Late {
  readonly late: readonly number[]
  /** The same without the time in which the thread waited for a processor. */
  readonly own: readonly number[]
  readonly utilization: number
  readonly memory: number
  readonly cpu: number
}

/** What the timer of a server's engine was like since it was asked last. */
export async function told(child: ChildProcess): Promise<Late> {
  child.send('tell')
  const [late] = (await once(child, 'message')) as [Late]
  return late
}
