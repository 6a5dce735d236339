import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { GATES, recordings } from './recordings.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/** Says in one line at the end what was skipped, by file and with its count; nothing where nothing was, or where a name was asked for. */
export class Skipped implements Reporter {
  #asked = false

  onInit({ config }: Vitest): void {
    this.#asked = config.testNamePattern !== undefined
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const counts = modules
      .map((module) => ({
        file: relative(here, module.moduleId),
        count: [...module.children.allTests('skipped')].length,
      }))
      .filter(({ count }) => count > 0)
      .toSorted((a, b) => a.file.localeCompare(b.file))
    if (!this.#asked && counts.length > 0) process.stdout.write(`${skippedLine(counts, existsSync(recordings('')))}\n`)
  }
}

/** The line for counts of skipped tests by file; of a gate it names what lies behind the tests. */
export function skippedLine(
  counts: readonly { readonly file: string; readonly count: number }[],
  hasRecordings: boolean,
): string {
  const rows = counts.map(({ file, count }) => {
    const gate = hasRecordings ? undefined : GATES.find((one) => one.file === file)
    const name = file.replace(/\.test\.ts$/, '')
    return gate === undefined ? `${name} ${count}` : `${name} ${count} (${gate.count} ${gate.of})`
  })
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const why = hasRecordings ? '' : ', most of them without the recordings beside the checkout (../shared)'
  return `Skipped: ${total} tests of ${counts.length} files${why}: ${rows.join(', ')}`
}
