import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { hostileExpressions } from './hostile-functions.ts'

/** So much of a heap has an evaluation at most, in MB. */
const HEAP = 900
/** An evaluation is over after so many milliseconds of the processor. */
const SLOWEST = 10_000

/** Evaluates in a thread with a heap of its own. Gives those that ended it, and those that took long. */
async function evaluated(expressions: readonly string[]): Promise<readonly string[]> {
  const file = join(temporaryFolder(), 'hostile.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('hostile-functions.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  const bad: string[] = []
  for (let at = 0; at < expressions.length; ) {
    at = await new Promise<number>((resolve) => {
      let last = at
      const worker = new Worker(file, {
        workerData: { expressions, from: at },
        resourceLimits: { maxOldGenerationSizeMb: HEAP },
      })
      worker.on('message', ({ at: now, milliseconds = 0 }: { at: number; milliseconds?: number }) => {
        last = now
        if (milliseconds > SLOWEST) bad.push(`${milliseconds} ms: ${expressions[now]}`)
      })
      worker.on('error', (error) => bad.push(`${'code' in error ? error.code : error.message}: ${expressions[last]}`))
      worker.on('exit', () => resolve(last + 1))
    })
  }
  return bad
}

test('whatever a function of JSONata makes of large values is bounded in memory and time', {
  tags: 'long',
  timeout: 1_200_000,
}, async () => {
  const expressions = hostileExpressions()
  expect(expressions.length).toBeGreaterThan(5_000)
  expect(await evaluated(everyNthOfLong(97, 'expressions of large values', expressions))).toEqual([])
})
