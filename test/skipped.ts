import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { GATES, recordings } from './recordings.ts'

const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * Says at the end what was skipped, by file and with its count, and how much another command runs by its tags. Says nothing where nothing was skipped,
 * or where a name was asked for.
 */
export class Skipped implements Reporter {
  #asked = false
  #filter: readonly string[] = []

  onInit({ config }: Vitest): void {
    this.#asked = config.testNamePattern !== undefined
    this.#filter = config.tagsFilter ?? []
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (this.#asked) return
    const [filter = ''] = this.#filter
    const [isWithoutLong, isWithoutNight] = [filter.includes('!long'), filter.includes('!night')]
    // What only the tagged tests were asked for does not say of the others that they were skipped.
    const isOurs = (tags: readonly string[]) => {
      if (isWithoutNight && tags.includes('night')) return false
      if (tags.includes('turn')) return false
      if (isWithoutLong) return !tags.includes('long')
      return filter === '' || filter === '!night' || tags.some((tag) => TAGS.has(tag))
    }
    const counted = (isCounted: (tags: readonly string[]) => boolean) =>
      modules
        .map((module) => ({
          file: relative(here, module.moduleId),
          count: [...module.children.allTests('skipped')].filter(({ tags }) => isCounted(tags)).length,
        }))
        .filter(({ count }) => count > 0)
        .toSorted((a, b) => a.file.localeCompare(b.file))
    const counts = counted(isOurs)
    if (counts.length > 0) process.stdout.write(`${skippedLine(counts, existsSync(recordings('')))}\n`)
    const left = isWithoutLong ? counted((tags) => tags.includes('long') && !tags.includes('night')) : []
    if (left.length > 0) process.stdout.write(`${leftLine(left.map(({ count }) => count))}\n`)
    const nights = isWithoutNight ? counted((tags) => tags.includes('night')) : []
    if (nights.length > 0) process.stdout.write(`${nightLine(nights.map(({ count }) => count))}\n`)
  }
}

const TAGS: ReadonlySet<string> = new Set(['long', 'cut', 'night'])

/** The line for how many tests `npm test` leaves to `npm run test:long`, of each file. */
export function leftLine(counts: readonly number[]) {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return `Left to \`npm run test:long\`: ${total} tests of ${counts.length} files, which take long or are second cases`
}

/** The line for how many tests are left to `npm run soak -- night`, of each file. */
export function nightLine(counts: readonly number[]) {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return `Left to \`npm run soak -- night\`: ${total} tests of ${counts.length} files, which nobody waits for`
}

/** The line for counts of skipped tests by file; of a gate it names what lies behind the tests. */
export function skippedLine(
  counts: readonly { readonly file: string; readonly count: number }[],
  hasRecordings: boolean,
) {
  const rows = counts.map(({ file, count }) => {
    const gate = hasRecordings ? undefined : GATES.find((one) => one.file === file)
    const name = file.replace(/\.test\.ts$/, '')
    return gate === undefined ? `${name} ${count}` : `${name} ${count} (${gate.count} ${gate.of})`
  })
  const total = counts.reduce((sum, { count }) => sum + count, 0)
  const why = hasRecordings ? '' : ', most of them without the recordings beside the checkout (../shared)'
  return `Skipped: ${total} tests of ${counts.length} files${why}: ${rows.join(', ')}`
}
