import { appendFileSync, readFileSync } from 'node:fs'
import { type RunnerTestCase, TestRunner } from 'vitest'

/** What one process of tests is to do, as `hunt.json` in the copy of the checkout. */
export interface Hunt {
  /** Runs every test without a mutant and writes down which mutations it meets. */
  readonly isDry: boolean
  /** This mutant is switched on from the first import to the end. */
  readonly everywhere?: number | undefined
  /** By the key of a test: the mutants that it is run with, one after the other. */
  readonly tests: Readonly<Record<string, readonly number[]>>
}

/** A test by its file and the titles that lead to it. */
function keyOf(test: { readonly file: { readonly name: string }; readonly fullTestName: string }) {
  return `${test.file.name} > ${test.fullTestName}`
}

const hunt = JSON.parse(readFileSync(process.env.EOSFLOW_HUNT ?? 'hunt.json', 'utf8')) as Hunt
const say = (line: object) => appendFileSync(process.env.EOSFLOW_RAN ?? 'ran.jsonl', `${JSON.stringify(line)}\n`)

let active: number | undefined = hunt.everywhere
let seen = new Set<number>()
const killed = new Set<number>()

/** What each mutation asks where it is: whether it is switched on. */
function mutant(id: number) {
  if (hunt.isDry) seen.add(id)
  return id === active
}
Object.assign(globalThis, { __mutant: mutant })

/** Lets each test run once for each mutant that it is to find, or once with none, and writes down which of them it has met. */
class MutantRunner extends TestRunner {
  #tries: readonly number[] = []
  #errors = 0

  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    this.#tries = (hunt.tests[keyOf(test)] ?? []).filter((id) => !killed.has(id))
    if (!hunt.isDry && this.#tries.length === 0) test.mode = 'skip'
    test.repeats = Math.max(0, this.#tries.length - 1)
    // What is met between two tests belongs to none of them.
    if (seen.size > 0) say({ between: [...seen] })
    seen = new Set()
    await super.onBeforeRunTask(test)
  }

  override onBeforeTryTask(test: RunnerTestCase, at?: { readonly repeats: number }): void {
    this.#errors = test.result?.errors?.length ?? 0
    if (!hunt.isDry && hunt.everywhere === undefined) active = this.#tries[at?.repeats ?? 0]
    if (active !== undefined) say({ begun: active })
    super.onBeforeTryTask(test)
  }

  onAfterRetryTask(test: RunnerTestCase): void {
    const isRed = (test.result?.errors?.length ?? 0) > this.#errors
    if (active !== undefined && isRed) {
      killed.add(active)
      say({ killed: active, by: keyOf(test) })
    }
    if (hunt.everywhere === undefined) active = undefined
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    const { state, duration } = test.result ?? {}
    if (hunt.isDry) say({ test: keyOf(test), passed: state === 'pass', duration, met: [...seen] })
    seen = new Set()
    super.onAfterRunTask(test)
  }
}

// Vitest takes the default export of the file.
// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default MutantRunner
