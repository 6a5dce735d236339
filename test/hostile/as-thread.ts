import { parentPort, workerData } from 'node:worker_threads'

/** What a thread gets: texts, of which it takes those from a place on. */
export interface Given {
  readonly texts: readonly string[]
  readonly from: number
}

/** What it tells: at which text it is, and then how much time of the processor that took. */
export interface Told {
  readonly at: number
  readonly milliseconds?: number
}

/** As a thread it does this with each text, one after the other; else nothing. */
export async function asThread(run: (text: string) => unknown): Promise<void> {
  if (parentPort === null) return
  const tell = (told: Told): void => parentPort?.postMessage(told)
  const { texts, from } = workerData as Given
  for (const [at, text] of texts.entries()) {
    if (at < from) continue
    tell({ at })
    const before = process.cpuUsage()
    await run(text)
    const { user, system } = process.cpuUsage(before)
    tell({ at, milliseconds: Math.round((user + system) / 1000) })
  }
}
