import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import { Chance } from '../inventory-generator.ts'
import { todaysPython } from '../todays.ts'
import {
  ANTA_VERSION,
  type AntaResult,
  DIFFERENCES,
  doubleMutants,
  type Judged,
  type Mutant,
  mutants,
  recordedAnswers,
} from './differences.ts'

/** When all answers are judged: as `judge_checks.py` sets the clock of ANTA. */
const NOW = 1_795_157_100

/** What came of judging answers twice. */
export interface Comparison {
  /** Answers that were judged, and how many of them are not changed in any place. */
  readonly judged: number
  readonly unchanged: number
  readonly checks: number
  /** How many verdicts are equal, and how many differ by a listed kind. */
  readonly equal: number
  readonly listed: ReadonlyMap<string, number>
  /** Of equal verdicts with messages: all, and those with the same messages in the same order. */
  readonly withMessages: number
  readonly sameMessages: number
  /** Other differences, each in some lines. */
  readonly unlisted: readonly string[]
  /** Those of {@link unlisted} that are a success here and none of ANTA. */
  readonly passed: readonly string[]
}

/** Judges as many changed answers here and by ANTA: of each check as many, drawn by chance; `doubled` of them are changed in two places. */
export function judgeBeside(seed: number, count: number, doubled = 0): Comparison {
  const chance = new Chance(seed)
  const asked = recordedAnswers()
  const drawn = [...drawnFrom([...mutants(asked, chance)], count - doubled, chance)]
  for (const one of doubleMutants(asked, chance)) {
    if (drawn.length >= count) break
    drawn.push(one)
  }
  const theirs = judgedByAnta(drawn)
  return compared(
    drawn.map((mutant, index) => ({
      mutant,
      ours: judgeCheck(mutant.check, mutant.inputs, mutant.answers, NOW),
      theirs: theirs[index] ?? { result: 'not judged', messages: [] },
    })),
  )
}

/** By chance, of each check as many, as long as it has some. */
function drawnFrom(all: readonly Mutant[], count: number, chance: Chance) {
  if (all.length <= count) return all
  const byCheck = new Map<string, Mutant[]>()
  for (const one of shuffled(all, chance)) {
    const of = byCheck.get(one.check)
    if (of === undefined) byCheck.set(one.check, [one])
    else of.push(one)
  }
  const drawn: Mutant[] = []
  while (drawn.length < count) {
    for (const of of byCheck.values()) {
      const next = of.pop()
      if (next !== undefined && drawn.length < count) drawn.push(next)
    }
  }
  return drawn
}

function shuffled<T>(items: readonly T[], chance: Chance) {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last -= 1) {
    const other = chance.below(last + 1)
    ;[order[last], order[other]] = [order[other] as T, order[last] as T]
  }
  return order
}

function judgedByAnta(cases: readonly Mutant[]) {
  const driver = fileURLToPath(new URL('../python/judge_checks.py', import.meta.url))
  const input = cases.map(({ check, module, inputs, answers }) => JSON.stringify({ check, module, inputs, answers }))
  const ran = spawnSync(todaysPython('python'), [driver], {
    input: `${input.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  if (ran.status !== 0) throw new Error(ran.stderr)
  const [version, ...results] = ran.stdout.trimEnd().split('\n')
  if (JSON.parse(version ?? '') !== ANTA_VERSION) throw new Error(`ANTA is ${version}, and should be ${ANTA_VERSION}`)
  return results.map((line) => JSON.parse(line) as AntaResult)
}

function compared(all: readonly Judged[]) {
  const listed = new Map<string, number>()
  const unlisted: string[] = []
  const passed: string[] = []
  const equal = all.filter(({ ours, theirs }) => ours.result === theirs.result)
  for (const judged of all.filter(({ ours, theirs }) => ours.result !== theirs.result)) {
    const kind = DIFFERENCES.find(({ covers }) => covers(judged))?.kind
    if (kind !== undefined) listed.set(kind, (listed.get(kind) ?? 0) + 1)
    else {
      unlisted.push(shown(judged))
      if (judged.ours.result === 'success') passed.push(shown(judged))
    }
  }
  const withMessages = equal.filter(({ ours }) => ours.result !== 'error')
  return {
    judged: all.length,
    unchanged: all.filter(({ mutant }) => mutant.mutation === 'none').length,
    checks: new Set(all.map(({ mutant }) => mutant.check)).size,
    equal: equal.length,
    listed,
    withMessages: withMessages.length,
    sameMessages: withMessages.filter(({ ours, theirs }) => isSame(ours.messages, theirs.messages)).length,
    unlisted,
    passed,
  }
}

function isSame(some: readonly string[], others: readonly string[]) {
  return some.length === others.length && some.every((message, index) => message === others[index])
}

function shown({ mutant: { check, mutation, place, inputs, answers }, ours, theirs }: Judged) {
  return [
    `${check}, ${mutation} at ${place || 'nothing'}: ${ours.result} here, ${theirs.result} of ANTA`,
    `  here ${JSON.stringify(ours.messages)}`,
    `  ANTA ${JSON.stringify(theirs.messages)}`,
    `  inputs ${JSON.stringify(inputs)}`,
    `  answers ${JSON.stringify(answers).slice(0, 2_000)}`,
  ].join('\n')
}
