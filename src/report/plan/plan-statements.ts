import type { PlanWarningCode } from '../../change/plan/announced-risk.ts'
import { isQuietChange } from '../../change/plan/change-read.ts'
import type { PlanContent, PlanWarning, ShownPlan } from '../../change/plan/plan.ts'
import type { PlanNote } from '../../change/plan/plan-evidence.ts'
import { wordsOfNote } from '../phrases/note-words.ts'
import { type RolloutCode, type RolloutStatement, rolloutStatements, sharedWaves } from '../phrases/rollout-words.ts'
import { count, duration, short, switches } from '../text/count.ts'

type StatementCode =
  | PlanWarningCode
  | RolloutCode
  | 'advisory'
  | 'first-time'
  | 'first-time-on-several'
  | 'first-time-not-known'
  | 'lines-that-go'
  | 'lines-not-saved'
  | 'kept'
  | 'timers'
  | 'approval'
  | 'variables-read'
  | 'behind'

interface StatementRow {
  readonly is: 'risk' | 'fact'
  readonly why: string
  // The risk is lost traffic, so that it is a fact if only lines change that can touch no traffic.
  readonly ofTraffic?: true
}

const risk = (why: string): StatementRow => ({ is: 'risk', why })
const trafficRisk = (why: string): StatementRow => ({ is: 'risk', why, ofTraffic: true })
const fact = (why: string): StatementRow => ({ is: 'fact', why })

/** The one list of everything that a plan can say, and why each must, or need not, be read before a decision. */
export const STATEMENTS: Readonly<Record<StatementCode, StatementRow>> = {
  'management-path': risk('the switch may be lost to eosflow'),
  'opens-login': risk('it lets users in'),
  'insecure-transport': risk('the password and the diff may be another one'),
  'not-saved': risk('lines of others are saved, or are lost at the next boot'),
  'startup-unknown': risk('lines of others may be saved'),
  'redundant-pair': trafficRisk('both of two that back each other up may be lost'),
  'left-out': risk('the change is not made on all switches that were asked for'),
  'idle-removal': risk('the author takes a line for removed that stays'),
  'no-canary': trafficRisk('the workflow wants one switch to go first, and none does'),
  'unknown-line': risk('its effect is not known'),
  'doubtful-line': risk('the switch may refuse it, or store another line'),
  'boot-line': risk('an abort does not undo it'),
  'subinterface-down': risk('the port stays down'),
  'switch-says': risk('it is the answer of the switch to the change, and only a person can read it'),
  'announced-risk': risk('the switch announces that it resets, drops or restarts something'),
  'foreign-removals': risk('lines go that were not declared'),
  'not-kept': risk('lines go that the workflow wants kept'),
  'keep-unused': risk('a misspelt glob keeps nothing'),
  'foreign-session': risk('a commit of another person would undo the change'),
  'merge-on-commit': risk('the result may hold lines that are not in the diff'),
  'neighbor-not-watched': risk('a failure there is not seen'),
  'runs-programs': risk('the switch runs a program that the change brings'),
  'no-approval': risk('it is run without an approval'),
  'any-store': risk('it may be run more than once'),
  'unknown-requester': risk('the requester may be one of the approvers'),
  offline: risk('no switch has computed this diff'),
  'gate-not-asked': risk('the gate may deny the push'),
  'no-state': risk('the change cannot be verified'),
  'asked-after': risk('a check is tried for the first time under the commit timer'),
  'broken-invariant': risk('what must hold of the configuration does not hold'),
  'confirmed-apart': trafficRisk('a failure leaves a part of the change in force'),
  branch: risk('the branch must be merged before the run'),
  'rule-reading': fact('what the policy demands is said with the plan'),
  'gate-allows': fact('nothing is left to decide'),
  'gate-demands': risk('more approvals are needed than the rules say'),
  budget: fact('it only makes the change wait'),
  'other-side': risk('the lines may take the switch or an uplink down'),
  'other-side-not-asked': risk('the lines may take the switch or an uplink down, and its partner may be unfit'),
  'failures-tolerated': risk('the change goes on after a failure'),
  canary: fact('it makes the change safer, and is in the line of the time'),
  pair: fact('it is decided by the lines, so that nothing is lost'),
  'shared-wave': trafficRisk('both of two that back each other up may be lost'),
  watched: fact('it makes the verification stricter'),
  around: fact('it is done at other services, and stops no switch'),
  judge: fact('it makes the verification stricter, or decides nothing'),
  probe: fact('it decides nothing'),
  after: fact('it begins after the confirm'),
  checkpoints: fact('only old checkpoints of eosflow are deleted, and none that a way back needs'),
  streams: fact('it is true of the switch whatever changes'),
  'stable-for': fact('it is in the line of the time'),
  advisory: risk('a line may switch on what can be attacked'),
  'first-time': fact('one switch goes first, so that nothing is left to decide'),
  'first-time-on-several': trafficRisk(
    'several switches take a kind of line at once that was never confirmed on their model',
  ),
  'first-time-not-known': risk('the record that would say it cannot be read'),
  'lines-that-go': risk('lines go that were not declared'),
  'lines-not-saved': risk('lines of others are saved'),
  kept: fact('nothing of it changes'),
  timers: fact('it bounds what the workflow says'),
  approval: fact('a missing approval has a warning'),
  'variables-read': fact('it is a number'),
  behind: fact('it is what the switches showed, and no rule reads it'),
}

export function isRisk(code: string, isQuiet: boolean): boolean {
  const row = Object.hasOwn(STATEMENTS, code) ? STATEMENTS[code as StatementCode] : undefined
  if (row === undefined) return true
  return row.is === 'risk' && !(isQuiet && row.ofTraffic === true)
}

function readWords(content: Pick<PlanContent, 'inventory'>) {
  const { read = {} } = content.inventory
  const perSwitch = Object.values(read).map((data) => Object.keys(data).filter(isVariable).length)
  const all = perSwitch.reduce((sum, some) => sum + some, 0)
  if (all === 0) return []
  return [`Made from ${count(all, 'variable')} of ${switches(perSwitch.filter((some) => some > 0).length)}`]
}

const isVariable = (name: string) => /^(?:\w+\()?vars\b/.test(name)

export interface PlanStatement {
  readonly code: string
  readonly words: string
}

export interface PlanStatements {
  readonly risks: readonly PlanStatement[]
  readonly facts: readonly PlanStatement[]
}

/** Divides what a plan says into risks, which are never hidden, and facts. */
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

export function ofRollout(plan: ShownPlan): PlanStatements {
  const { content } = plan
  const said = rolloutStatements(plan).filter((one) => !isWarnedOf(one, content))
  return divided(plan, [...said, ...readWords(content).map((words) => statement('variables-read', words))])
}

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

function hasLines({ code, device }: PlanWarning, { devices }: ShownPlan['content']) {
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

function isWarnedOf({ code, words }: RolloutStatement, content: ShownPlan['content']) {
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

function goesOneFirst(names: readonly string[], { devices, waves, canary }: ShownPlan['content']) {
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
