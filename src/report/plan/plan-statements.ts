import type { PlanWarning, ShownPlan } from '../../change/plan/plan.ts'
import type { PlanNote } from '../../change/plan/plan-evidence.ts'
import { isQuietChange } from '../../change/plan/quiet.ts'
import { wordsOfNote } from '../phrases/note-words.ts'
import { type RolloutStatement, rolloutStatements, sharedWaves } from '../phrases/rollout-words.ts'
import { duration, short } from '../text/count.ts'
import { readWords } from './read-words.ts'
import { isRisk, type StatementCode } from './statement-table.ts'

/** One thing that a plan says besides its diff. The words are raw: make them safe before you show them. */
export interface PlanStatement {
  readonly code: string
  readonly words: string
}

/** Everything that a plan says in single lines, each once. */
export interface PlanStatements {
  readonly risks: readonly PlanStatement[]
  readonly facts: readonly PlanStatement[]
}

/** Divides what a plan says into risks, which are never hidden, and facts. Warnings come first, as the plan has them. */
export function planStatements(plan: ShownPlan): PlanStatements {
  const { content } = plan
  const warnings = content.warnings.filter((one) => !hasLines(one, content)).map(warningStatement)
  const [said, rollout, notes] = [[...warnings, ...termStatements(plan)], ofRollout(plan), ofNotes(plan)]
  const { risks, facts } = divided(plan, said)
  return {
    risks: [...risks, ...rollout.risks, ...notes.risks],
    facts: [...facts, ...rollout.facts, ...notes.facts],
  }
}

/** Divides what a plan says of its rollout. */
export function ofRollout(plan: ShownPlan): PlanStatements {
  const { content } = plan
  const said = rolloutStatements(plan).filter((one) => !isWarnedOf(one, content))
  return divided(plan, [...said, ...readWords(content).map((words) => statement('variables-read', words))])
}

/** Divides the notes of a plan. */
export function ofNotes(plan: ShownPlan): PlanStatements {
  const { content, evidence } = plan
  return divided(
    plan,
    (evidence.notes ?? []).map((note) => statement(noteCode(note, content), wordsOfNote(note))),
  )
}

function divided({ content }: ShownPlan, all: readonly PlanStatement[]): PlanStatements {
  const isQuiet = isQuietChange(content.devices)
  return {
    risks: all.filter(({ code }) => isRisk(code, isQuiet)),
    facts: all.filter(({ code }) => !isRisk(code, isQuiet)),
  }
}

function statement(code: StatementCode, words: string): PlanStatement {
  return { code, words }
}

function warningStatement({ code, device, message }: PlanWarning): PlanStatement {
  return { code, words: device === undefined ? message : `${device}: ${message}` }
}

/** Whether the lines themselves are shown that a warning counts. */
function hasLines({ code, device }: PlanWarning, { devices }: ShownPlan['content']): boolean {
  const found = devices.find(({ name }) => name === device)
  if (code === 'foreign-removals') return found?.foreign !== undefined
  return code === 'not-saved' && found?.unsaved !== undefined
}

const NO_APPROVAL = 'none: a step `- approve` in front of `- push` would ask for one'

function termStatements({ content: { timers, waves, approve }, digest }: ShownPlan): readonly PlanStatement[] {
  if (waves.length === 0) return []
  const approval = approve === null ? NO_APPROVAL : `bound to ${short(digest)}, holds ${duration(approve.expires)}`
  return [
    statement(
      'timers',
      `Commit timer ${duration(timers.confirmWithin)} · verify within ${duration(timers.verifyWithin)}, stable for ${duration(timers.stableFor)}`,
    ),
    statement('approval', `Approval ${approval}`),
  ]
}

/** Whether the switches of a shared wave are in a warning already, all of them. */
function isWarnedOf({ code, words }: RolloutStatement, content: ShownPlan['content']): boolean {
  if (code !== 'shared-wave') return false
  const names = sharedWaves(content).find((wave) => wave.every((name) => wordsIn(words).has(name))) ?? []
  return content.warnings.some(
    (warning) =>
      warning.code === 'redundant-pair' &&
      names.length > 0 &&
      names.every((name) => wordsIn(warning.message).has(name)),
  )
}

const wordsIn = (text: string): ReadonlySet<string> => new Set(text.split(/[\s,;:()]+/))

function noteCode({ code, devices }: PlanNote, content: ShownPlan['content']): StatementCode {
  if (code !== 'first-time') return code
  if (devices.length === 0) return 'first-time-not-known'
  return goesOneFirst(devices, content) ? 'first-time' : 'first-time-on-several'
}

/** Whether of each model and version one of these switches is verified before the others are changed. */
function goesOneFirst(names: readonly string[], { devices, waves, canary }: ShownPlan['content']): boolean {
  const alike = new Map<string, Set<string>>()
  for (const { name, identity } of devices) {
    if (!names.includes(name)) continue
    const key = JSON.stringify([identity.model, identity.eos])
    alike.set(key, (alike.get(key) ?? new Set()).add(name))
  }
  return [...alike.values()].every((group) => {
    if (group.size < 2 || canary?.switches.some((name) => group.has(name)) === true) return true
    const first = waves.find((wave) => wave.some((name) => group.has(name))) ?? []
    return first.filter((name) => group.has(name)).length === 1
  })
}
