import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../src/index.ts'
import { everyNthOfLong } from '../extent.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { hostileTemplates } from './hostile-values.ts'

/** So much of a heap has a rendering at most, in MB, with what the renderer itself needs. */
const HEAP = 900

/** Renders each of the templates in a thread with a heap of its own. Gives those that ended it, and those that took long. */
async function rendered(templates: readonly string[]): Promise<readonly string[]> {
  const file = join(temporaryFolder(), 'hostile.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('hostile-values.ts', import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" },
  })
  const bad: string[] = []
  for (let at = 0; at < templates.length; ) at = 1 + (await through(file, templates, at, (line) => bad.push(line)))
  return bad
}

function through(
  file: string,
  templates: readonly string[],
  from: number,
  tell: (line: string) => void,
): Promise<number> {
  return new Promise((resolve) => {
    let last = from
    const worker = new Worker(file, {
      workerData: { templates, from },
      resourceLimits: { maxOldGenerationSizeMb: HEAP },
    })
    worker.on('message', ({ at, milliseconds }: { at: number; milliseconds?: number }) => {
      last = at
      if ((milliseconds ?? 0) > SLOWEST) tell(`${milliseconds} ms: ${templates[at]}`)
    })
    worker.on('error', (error) => tell(`${'code' in error ? String(error.code) : error.message}: ${templates[last]}`))
    worker.on('exit', () => resolve(last))
  })
}

/** A rendering is over after so long, on a machine that does other things too. */
const SLOWEST = 20_000

describe('no template takes more memory or time than a rendering has', () => {
  test('55 bytes that made 31 million pairs are refused at once, also where nothing comes of them', () => {
    for (const template of [
      '{{ range(5600)|product(range(5600))|list|length }}',
      '{{ range(5600)|product(range(5600), [])|list|length }}',
      '{{ range(5600)|permutations(2)|list|length }}',
      '{{ range(9000)|combinations(2)|list|length }}',
    ]) {
      expect(renderTemplate(template, {})).toMatchObject({ ok: false, problems: [{ code: 'template-size' }] })
    }
  })

  test('what people make of lists has room enough', () => {
    expect(renderTemplate('{{ range(400)|product(range(400))|list|length }}', {})).toEqual({ ok: true, text: '160000' })
    expect(renderTemplate('{{ range(500000)|list|length }}', {})).toEqual({ ok: true, text: '500000' })
    expect(renderTemplate('{{ range(500)|combinations(2)|list|length }}', {})).toEqual({ ok: true, text: '124750' })
  })

  test('whatever a filter, a test, a function, a method or an operator makes is charged while it is made', {
    tags: 'long',
    timeout: 1_200_000,
  }, async () => {
    const templates = hostileTemplates()
    expect(templates.length).toBeGreaterThan(10_000)
    expect(await rendered(everyNthOfLong(97, 'templates of large values', templates))).toEqual([])
  })
})
