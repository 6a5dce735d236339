import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../../extent.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { growingFilters } from './longer-texts.ts'

/** So much of a heap has a rendering here, in MB: what all its texts may have together, twice as one of them is joined, and the renderer. */
const HEAP = 320

/** So long may one take, in seconds of a processor. */
const SLOWEST = 8

interface Ended {
  readonly says: string
  readonly seconds: number
}

async function threadFile() {
  const file = join(temporaryFolder(), 'longer.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('longer-texts.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  return file
}

function rendered(file: string, template: string): Promise<Ended> {
  return new Promise((resolve) => {
    const worker = new Worker(file, { workerData: template, resourceLimits: { maxOldGenerationSizeMb: HEAP } })
    worker.on('message', resolve)
    worker.on('error', (error) => resolve({ says: 'code' in error ? String(error.code) : error.message, seconds: 0 }))
  })
}

describe('a filter that writes a text longer', () => {
  const growing = growingFilters().filter(({ signs }) => signs.length > 0)
  const all = growing.flatMap(({ name, signs }) => signs.map((sign) => ({ name, sign })))
  const longest = growing.flatMap(({ name, signs }) => signs.slice(0, 1).map((sign) => ({ name, sign })))

  test('is found among all', () => {
    expect(growing.map(({ name }) => name).toSorted()).toEqual(
      'b64encode capitalize comment e escape forceescape lower quote regex_escape title to_json to_nice_json to_nice_yaml to_yaml tojson upper urlencode'.split(
        ' ',
      ),
    )
    expect(all.length).toBeGreaterThan(50)
  })

  test('[3G3] takes its room before the text is made, however often one is written', {
    tags: 'long',
    timeout: 600_000,
  }, async () => {
    const file = await threadFile()
    const bad: unknown[] = []
    for (const { name, sign } of [
      ...everyNthOfLong(3, 'filters that write longer', longest),
      ...everyNthOfLong(54, 'signs that a filter writes longer', all),
    ]) {
      const template = `{{ (${JSON.stringify(sign)} * 4000000)${`|${name}`.repeat(8)}|length }}`
      const { says, seconds } = await rendered(file, template)
      const isGood = ['made', 'template-size', 'template-fuel'].includes(says) && seconds < SLOWEST
      if (!isGood) bad.push({ template, says, seconds })
    }
    expect(bad).toEqual([])
  })
})
