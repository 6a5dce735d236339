import type { Outcome } from '../src/change/record/event/event.ts'
import { sha256 } from '../src/model/digest.ts'
import { budgetRules } from './checker/budget-rules.ts'
import { Checker } from './checker/checker.ts'
import { freezeRules } from './checker/freeze-rules.ts'
import { ownerRules } from './checker/owner-rules.ts'
import { ownerSessionRules } from './checker/owner-session-rules.ts'
import { quarantineRules } from './checker/quarantine-rules.ts'
import { restRules } from './checker/rest-rules.ts'
import { siteRules } from './checker/site-rules.ts'
import type { Alterations } from './controller.ts'
import { type OlderRecord, olderOf } from './copies/older-record.ts'
import { OlderRules } from './copies/older-rules.ts'
import { scenarioOf } from './draw-scenario.ts'
import { History } from './history.ts'
import type { Wanted } from './scenario.ts'
import { Trace } from './trace.ts'
import { Violation } from './violation.ts'
import type { Watch } from './watch.ts'

/** How a history is lived through. */
export interface SeedOptions {
  /** What is not drawn from the seed. */
  readonly fixed?: Wanted
  /** What is broken on purpose. */
  readonly alterations?: Alterations
  /** Whether the invariants are checked. Default true. */
  readonly checked?: boolean
  /** Whether every line of it is kept. Default false. */
  readonly traced?: boolean
  /** Somebody who looks at it besides. */
  readonly watch?: (history: History) => Watch
}

/** What came of one history. */
export interface SeedResult {
  readonly seed: number
  /** The invariant that was broken, and how. */
  readonly violation?: { readonly invariant: string; readonly message: string }
  /** How its executions ended; absent for one that has not. */
  readonly outcomes: readonly (Outcome | undefined)[]
  readonly met: ReadonlyMap<string, number>
  readonly trace: readonly string[]
  /** Of the trace; empty when none was kept. */
  readonly digest: string
}

/** Longer than any commit timer, any late request and any reboot. */
const REST = 700_000

/** Lives through the history of a seed. The same seed gives the same history. */
export async function runSeed(seed: number, options: SeedOptions = {}): Promise<SeedResult> {
  const { fixed = {}, alterations = {}, checked = true, traced = false } = options
  let trace: Trace | undefined
  let rules: Rules | undefined
  let seen: Watch = {}
  let older: OlderRecord | undefined
  const history = new History(
    scenarioOf(seed, fixed),
    (watched) => {
      if (traced) trace = new Trace(watched)
      // Of whoever goes on with an older record the rules of the first one know nothing.
      if (checked) rules = rulesOf(watched, () => older === undefined)
      seen = together(
        [trace, rules?.first, rules?.older, options.watch?.(watched)].filter((watch) => watch !== undefined),
        (error) => watched.fail(error),
      )
      return seen
    },
    alterations,
  )
  let violation: SeedResult['violation']
  try {
    await history.run()
    if (!history.copying.isGone) {
      await history.rest(REST)
      await rules?.requireQuiet()
    }
    older = await olderOf(history, seen, alterations)
    await rules?.older?.begin(older?.store)
    if ((await older?.run()) === false) throw new Violation('I9', 'the older record has not come to its end in time')
    await history.rest(older === undefined ? 0 : REST)
    rules?.older?.requireQuiet()
  } catch (error) {
    violation = violationOf(error)
  } finally {
    await older?.close()
    await history.close()
  }
  const lines = trace?.lines ?? []
  return {
    seed,
    ...(violation === undefined ? {} : { violation }),
    outcomes: history.executions.map(({ ended }) => ended?.outcome),
    met: history.met,
    trace: lines,
    digest: traced ? sha256(lines.join('\n')) : '',
  }
}

/** What a history is held to. */
interface Rules {
  /** What the record of a history is, up to its end. */
  readonly first: Watch
  /** What an older copy of that is, where there is one. */
  readonly older: OlderRules | undefined
  /** What must hold when the first one has come to rest. */
  requireQuiet(): Promise<void>
}

function rulesOf(history: History, isFirst: () => boolean): Rules {
  const { copy, machines, ownerSession, sites } = history.scenario
  const checker = new Checker(history)
  const owners = ownerSession ? ownerSessionRules(history) : undefined
  const first = [
    checker,
    restRules(history),
    quarantineRules(history),
    freezeRules(),
    budgetRules(history),
    ...(machines === undefined ? [] : [ownerRules(history)]),
    ...(sites ? [siteRules(history)] : []),
    ...(owners === undefined ? [] : [owners]),
  ]
  return {
    first: together(first, (error) => history.fail(error), isFirst),
    older: copy === undefined ? undefined : new OlderRules(history, copy),
    requireQuiet: async () => {
      await checker.requireQuiet()
      owners?.requireQuiet()
    },
  }
}

/** What is thrown besides a violation is a crash of the code under test: it counts as one, under no invariant. */
function violationOf(error: unknown): NonNullable<SeedResult['violation']> {
  if (error instanceof Violation) return { invariant: error.invariant, message: error.message }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return { invariant: 'crash', message }
}

/** Tells several who watch. What one of them throws ends the history; nothing under test hears of it. */
function together(watches: readonly Watch[], fail: (error: unknown) => void, isOn = (): boolean => true): Watch {
  const each =
    <Key extends keyof Watch>(key: Key) =>
    (...given: unknown[]): void => {
      if (!isOn()) return
      try {
        for (const watch of watches) (watch[key] as ((...all: unknown[]) => void) | undefined)?.call(watch, ...given)
      } catch (error) {
        fail(error)
      }
    }
  return {
    appending: each('appending'),
    appended: each('appended'),
    sent: each('sent'),
    arrives: each('arrives'),
    carriedOut: each('carriedOut'),
    heard: each('heard'),
    moved: each('moved'),
    died: each('died'),
    moment: each('moment'),
    declaredDead: each('declaredDead'),
    takenOver: each('takenOver'),
    gaveUp: each('gaveUp'),
    rested: each('rested'),
    ended: each('ended'),
    note: each('note'),
  }
}
