import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parentPort, Worker, workerData } from 'node:worker_threads'
import { build } from 'esbuild'
import { temporaryFolder } from '../lab/folder.ts'

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
export async function asThread(run: (text: string) => unknown) {
  if (parentPort === null) return
  const tell = (told: Told) => parentPort?.postMessage(told)
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

/** So much of a heap has what comes from outside at most, in MB, with what its reader itself needs. */
const HEAP = 900

/**
 * Has a file, whose text calls `asThread`, do something with each text in a thread with a heap of its own. Gives the texts that ended the thread, and
 * those that took more than so many milliseconds of the processor.
 */
export async function tooLarge(entry: URL, texts: readonly string[], slowest: number) {
  const file = join(temporaryFolder(), 'hostile.mjs')
  await build({
    entryPoints: [fileURLToPath(entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  const bad: string[] = []
  for (let at = 0; at < texts.length; ) {
    at = await new Promise<number>((resolve) => {
      let last = at
      const workerData: Given = { texts, from: at }
      const worker = new Worker(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: HEAP } })
      worker.on('message', ({ at: now, milliseconds = 0 }: Told) => {
        last = now
        if (milliseconds > slowest) bad.push(`${milliseconds} ms: ${texts[now]}`)
      })
      worker.on('error', (error) => bad.push(`${'code' in error ? error.code : error.message}: ${texts[last]}`))
      worker.on('exit', () => resolve(last + 1))
    })
  }
  return bad
}
