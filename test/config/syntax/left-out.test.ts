import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { type RealLine, readFacts, readFiles, readLines } from '../../../build/syntax/facts.ts'
import { grownModes } from '../../../build/syntax/grown-tree.ts'
import { syntaxTable, tableModule } from '../../../build/syntax/table-text.ts'
import { LineJudge, type LineJudgement } from '../../../src/config/syntax/judge-line.ts'
import { SeededRandom } from '../../../src/trial/seeded-random.ts'
import { recordings } from '../../recordings.ts'
import { spoilt } from './spoilt.ts'

const facts = recordings('eos-syntax/')
const configs = recordings('eos-corpus/configs/')
const more = recordings('eos-corpus/more/')
const there = existsSync(facts) && existsSync(configs) && existsSync(more)
const SEED = 20_261_126

/** Collections whose lines are no lines of EOS, or too few to say anything. The patterns are of arista.avd: its own lines count as spoilt alone. */
const NOT_SPOILT = new Set([
  'aristanetworks+ansible-cvp',
  'arista-eosplus+rbeapi',
  'batfish+batfish',
  'ktbyers+netmiko',
  'netdevops+hier_config',
  'networktocode+netutils',
])

/** The lines of every collection that the table is made from. */
function everyLine(): readonly RealLine[] {
  const files = (folder: string) => readFiles(fileURLToPath(new URL(folder, more)), folder === 'recorded')
  return [...readLines(fileURLToPath(configs)), ...['recorded', 'intended', 'hand'].flatMap(files)]
}

const isSilent = ({ kind }: LineJudgement): boolean => kind === 'known' || kind === 'unknown-mode'

/** What a judge has said of lines that its table was not made from. */
class Count {
  real = 0
  refused = 0
  warned = 0
  /** By a simulated switch. */
  unsent = 0
  spoilt = 0
  found = 0
  named = 0
  right = 0

  ofReal(judged: LineJudgement): void {
    this.real += 1
    if (judged.kind === 'misspelt') this.refused += 1
    else if (!isSilent(judged)) this.warned += 1
    if (!isSilent(judged) && judged.kind !== 'unexpected-word') this.unsent += 1
  }

  ofSpoilt(judged: LineJudgement, meant: string): void {
    this.spoilt += 1
    if (!isSilent(judged)) this.found += 1
    if (!('near' in judged)) return
    this.named += 1
    if (judged.near === meant) this.right += 1
  }
}

describe.skipIf(!there)('the table of the syntax (needs ../shared)', { tags: 'long' }, () => {
  test('is what its facts and configurations give', () => {
    const known = readFacts(fileURLToPath(facts))
    const table = syntaxTable(grownModes(known, everyLine()), known)
    const file = new URL('../../../src/config/syntax/table.ts', import.meta.url)
    expect(tableModule(table)).toBe(readFileSync(file, 'utf8'))
  })

  test(`judges a collection that it was not made from: what is misspelt is found, what is real is not (seed ${SEED})`, {
    tags: 'night',
  }, () => {
    const known = readFacts(fileURLToPath(facts))
    const lines = everyLine()
    const keywords = new Set(known.words)
    const random = new SeededRandom(SEED)
    const count = new Count()
    const old = readLines(fileURLToPath(configs))
    const collections = [...new Set(old.map(({ from }) => from))].filter((from) => !NOT_SPOILT.has(from))
    for (const left of collections) {
      const others = lines.filter(({ from }) => from !== left)
      const judge = new LineJudge(syntaxTable(grownModes(known, others), known))
      for (const real of lines.filter(({ from }) => from === left)) {
        if (left !== 'aristanetworks+avd') count.ofReal(judge.judge(real.above, real.line))
        const bad = spoilt(real, (word) => keywords.has(word), random)
        if (bad !== undefined) count.ofSpoilt(judge.judge(real.above, bad.line), bad.meant)
      }
    }
    expect(count.real).toBe(12_007)
    expect(count.spoilt).toBeGreaterThan(20_000)
    expect(count.refused / count.real).toBeLessThanOrEqual(0.0025)
    expect(count.unsent / count.real).toBeLessThanOrEqual(0.003)
    expect(count.warned / count.real).toBeLessThanOrEqual(0.003)
    expect(count.found / count.spoilt).toBeGreaterThanOrEqual(0.975)
    expect(count.right / count.named).toBeGreaterThanOrEqual(0.97)
    process.stdout.write(`syntax: ${JSON.stringify(count)}\n`)
  })
})
