import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { copiedCheckout } from '../fault-model/mutated-copy.ts'
import { hunted, type Met, metInDryRun } from './hunting.ts'
import { LIVED } from './lived.ts'
import { type Mutation, mutate } from './mutations.ts'
import { SEARCHED, type Searched } from './rooms.ts'

/**
 * Puts every condition, return, throw, call and constant of a part of the sources wrong, one at a time, and runs the nearest tests that meet it.
 * Prints what lives, and how many of a hundred were killed. Exits 1 where fewer are killed than the part demands, or one lives
 * without a reason in `lived.ts`.
 *
 *   npm run mutants -- wide [PART…] [--file FILE] [--processes 2]
 *     [--sample 200] [--seed 34]
 *
 * A part is a name of `rooms.ts`; `all` is every source by every test, and is only searched if it is named.
 * `--sample` tries only so many mutants of each part. The seed draws them by what they are, not by their lines: the same seed draws the
 * same ones after a change elsewhere.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    file: { type: 'string' },
    processes: { type: 'string', default: '2' },
    sample: { type: 'string' },
    seed: { type: 'string', default: '34' },
  },
})
const names = positionals.filter((name) => name !== 'wide')
const unknown = names.filter((name) => SEARCHED[name] === undefined)
if (unknown.length > 0)
  throw new Error(`no part is called ${unknown.join(', ')}; there are ${Object.keys(SEARCHED).join(', ')}`)

const say = (line: string): void => void process.stdout.write(`${line}\n`)
let isGood = true
for (const [name, searched] of Object.entries(SEARCHED)) {
  if (names.length > 0 ? !names.includes(name) : name === 'all') continue
  isGood = (await search(name, searched)) && isGood
}
process.exitCode = isGood ? 0 : 1

async function search(name: string, { sources, tests, atLeast = 0 }: Searched): Promise<boolean> {
  const dir = copiedCheckout()
  try {
    const { all, mutations } = putIn(dir, sources)
    const files = filesIn(dir, 'test').filter(
      (file) => file.endsWith('.test.ts') && tests.some((part) => file.startsWith(part)),
    )
    const met = await metInDryRun(dir, files, Number(values.processes))
    say(
      `${name}: ${mutations.length} of ${all.length} mutants, seed ${values.seed}; ${met.tests.length} tests of ${files.length} files meet ${mutations.filter(({ id }) => met.reached.has(id)).length} of them`,
    )
    const killed = await hunted(dir, mutations, met, { processes: Number(values.processes), say })
    return judged(name, mutations, { met, killed, atLeast })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Puts the mutations of each source file of which any is drawn into it, switched off. */
function putIn(dir: string, sources: readonly string[]) {
  const all: Mutation[] = []
  const texts = new Map<string, string>()
  for (const file of sources.flatMap((source) => filesIn(dir, source))) {
    if (values.file !== undefined && values.file !== file) continue
    const { text, mutations } = mutate(file, readFileSync(join(dir, file), 'utf8'), all.length)
    texts.set(file, text)
    all.push(...mutations)
  }
  const mutations = drawn(all)
  for (const file of new Set(mutations.map((one) => one.file))) writeFileSync(join(dir, file), texts.get(file) ?? '')
  return { all, mutations }
}

/** As many mutants as are asked for, in the order of the sources. */
function drawn(all: readonly Mutation[]): readonly Mutation[] {
  if (values.sample === undefined) return all
  const times = new Map<string, number>()
  const lots = all.map((mutation) => {
    const what = `${mutation.file} ${mutation.kind} ${mutation.source}`
    const time = times.get(what) ?? 0
    times.set(what, time + 1)
    return { mutation, lot: createHash('sha256').update(`${values.seed} ${what} ${time}`).digest('hex') }
  })
  const sorted = lots.toSorted((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, Number(values.sample))
  return sorted.map(({ mutation }) => mutation).toSorted((a, b) => a.id - b.id)
}

function filesIn(dir: string, place: string): readonly string[] {
  if (statSync(join(dir, place)).isFile()) return [place]
  return readdirSync(join(dir, place), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(place, path))
    .toSorted()
}

interface Found {
  readonly met: Met
  readonly killed: ReadonlySet<number>
  readonly atLeast: number
}

/** Prints what lives, and says whether that is as it may be. */
function judged(name: string, mutations: readonly Mutation[], { met, killed, atLeast }: Found): boolean {
  const alive = mutations.filter(({ id }) => !killed.has(id))
  const isExplained = ({ kind, source, within = '' }: Mutation): boolean =>
    LIVED.some((one) => one.kind === kind && one.source === source && one.within.split(' ').includes(within))
  const unexplained = alive.filter((one) => !isExplained(one))
  for (const one of unexplained) {
    say(
      `lived: ${one.file}:${one.line}: ${one.kind}${met.reached.has(one.id) ? '' : ' (no test meets it)'}: ${one.source}`,
    )
  }
  const share = mutations.length === 0 ? 0 : (100 * killed.size) / mutations.length
  say(
    `${name}: ${killed.size} of ${mutations.length} killed (${share.toFixed(1)} %), ${alive.length - unexplained.length} live with a reason`,
  )
  const counted = (100 * (mutations.length - unexplained.length)) / Math.max(1, mutations.length)
  return mutations.length > 0 && counted >= atLeast
}
