import type { PlanWarningCode } from '../../change/plan/announced-risk.ts'
import { isQuietChange, kindsInDiff } from '../../change/plan/change-read.ts'
import { failedBefore, mostFailures } from '../../change/plan/left-out-switch.ts'
import type { Plan, PlanContent, PlanNote, PlannedDevice, PlanWarning, ShownPlan } from '../../change/plan/plan.ts'
import { soakWords } from '../../change/plan/rollout.ts'
import { definedMembers, gathered, type Json, ownMember } from '../../model/json.ts'
import { judgesIn } from '../../model/judge.ts'
import { probeName } from '../../model/probe.ts'
import { plannedAround, streamWords } from '../phrases/around-words.ts'
import { capital, spokenSwitches } from '../phrases/spoken.ts'
import { count, duration, present, short, switches } from '../text/text.ts'
import { groupChanges, linesOn } from './group-lines.ts'

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
export const STATEMENTS = {
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
} satisfies Readonly<Record<PlanWarningCode | PlanNote['code'], StatementRow>> & Readonly<Record<string, StatementRow>>

type StatementCode = keyof typeof STATEMENTS

export function isRisk(code: string, isQuiet: boolean): boolean {
  const row = ownMember(STATEMENTS, code)
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

interface PlanStatement {
  readonly code: string
  readonly words: string
}

interface PlanStatements {
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

function isWarnedOf({ code, words }: PlanStatement, content: ShownPlan['content']) {
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

const MOST_NAMED = 6

// Raw: make it safe before you show it.
function wordsOfNote({ devices, message }: PlanNote) {
  const more = devices.length - MOST_NAMED
  const named = devices.slice(0, MOST_NAMED).join(' ')
  if (devices.length === 0) return message
  return `${named}${more > 0 ? ` and ${switches(more)} more` : ''}: ${message}`
}

const CONFIRMED: Readonly<Record<ShownPlan['content']['atomic'], string | undefined>> = {
  change: undefined,
  wave: 'Each wave is confirmed by itself: it stays when a later one fails',
  device: 'Each switch is confirmed by itself: it stays when another one fails',
}

function rolloutStatements({ content, evidence }: ShownPlan): readonly PlanStatement[] {
  const { atomic, canary, timers, waves, otherSides } = content
  if (waves.length === 0) return []
  const confirmed = CONFIRMED[atomic]
  return [
    ...said('confirmed-apart', confirmed === undefined ? [] : [confirmed]),
    ...said('branch', branchWords(content)),
    ...said('rule-reading', readingWords(content)),
    ...gateStatements(content),
    ...said('budget', budgetWords(content)),
    ...said(otherSides === 'off' ? 'other-side-not-asked' : 'other-side', otherSideWords(content)),
    ...said('failures-tolerated', failureWords(content)),
    ...said(
      'canary',
      canary === undefined
        ? []
        : [`Canary: ${canary.switches.join(', ')}, must stay good for ${duration(canary.soak)} before the rest begins`],
    ),
    ...said('pair', pairWords(content)),
    ...said('shared-wave', sharedWaves(content).map(sharedWords)),
    ...said('watched', watchedWords(content)),
    ...said('around', plannedAround(content)),
    ...said('judge', judgeWords(content)),
    ...said('probe', probeWords(content)),
    ...said('after', afterWords(content)),
    ...said('checkpoints', checkpointWords(evidence)),
    ...said('streams', streamWords(evidence)),
    ...said('stable-for', evidence.soak === undefined ? [] : [capital(soakWords(evidence.soak, timers.stableFor))]),
    ...said(
      'stable-for',
      evidence.expected?.quiet === true
        ? [`Stable for ${duration(timers.stableFor)}, because ${quietWords(content)}`]
        : [],
    ),
  ]
}

const said = (code: StatementCode, words: readonly string[]): readonly PlanStatement[] =>
  words.map((one) => statement(code, one))

function sharedWaves(content: ShownPlan['content']): readonly (readonly string[])[] {
  return (content.together ?? []).filter((names) => !isPaired(content, names))
}

function sharedWords(names: readonly string[]) {
  return `In one wave although they back each other up: ${names.length > 2 ? spokenSwitches(names) : names.join(' and ')}`
}

function branchWords({ branch }: ShownPlan['content']) {
  if (branch === undefined) return []
  const { name, schema, source, lastSync } = branch
  const synced = lastSync === null ? 'never synced' : `last synced ${lastSync}`
  return [`Made from the branch ${name} (${schema}, ${synced}) of ${source}: it is run when that is merged`]
}

function readingWords({ ruleReadings = [] }: ShownPlan['content']) {
  return ruleReadings.map(
    ({ rule, matches, because }) =>
      `The rule \`${rule}\` of the policy ${matches ? 'matches' : 'does not match'} this change: ${because}`,
  )
}

function gateStatements({ gate = [] }: ShownPlan['content']): PlanStatement[] {
  return gate.map(({ decision, require, reasons = [], bundle }) => {
    const by = bundle === undefined ? '' : ` by ${bundle}`
    const who = require === undefined || require.from.length === 0 ? '' : ` of ${require.from.join(', ')}`
    const isAllowed = decision === 'allow' || require === undefined
    const what = isAllowed ? 'allows this change' : `demands ${count(require.count, 'approval')}${who}`
    const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`
    return statement(isAllowed ? 'gate-allows' : 'gate-demands', `The gate of the policy ${what}${by}${why}`)
  })
}

function pairWords({ pairs = [] }: ShownPlan['content']) {
  return pairs.map(({ switches: names, as, because }) =>
    as === 'together'
      ? `Committed and confirmed back to back: ${names.join(' and ')}, ${because}`
      : `One behind the other: ${names.join(' and ')}, ${because}`,
  )
}

function isPaired({ pairs = [] }: ShownPlan['content'], names: readonly string[]) {
  return pairs.some(({ as, switches: pair }) => as === 'together' && pair.every((one) => names.includes(one)))
}

function budgetWords({ underChange = [] }: ShownPlan['content']) {
  return underChange.map(
    ({ budget, max, switches: names }) =>
      `At most ${max} of ${budget} may be under change at once, in all executions: ${spokenSwitches(names)} here`,
  )
}

function otherSideWords({ otherSides }: ShownPlan['content']) {
  if (otherSides === undefined) return []
  if (otherSides === 'off')
    return ['Nobody asks whether the other side is fit to carry the traffic: the workflow says `fitness: off`']
  return otherSides.sides.map(({ switch: name, partners, lines, more = 0 }) => {
    const who = partners.map((partner) => `${partner.name} (${partner.because})`).join(' and ')
    const rest = more === 0 ? '' : `, and ${more} more`
    return `Before ${name} is pushed, ${who} must be fit to carry its traffic, because of: ${lines.join('; ')}${rest}`
  })
}

function watchedWords({ neighbors = [], waves }: ShownPlan['content']) {
  const changed = new Set(waves.flat())
  const names = neighbors.flatMap(({ name }) => (changed.has(name) ? [] : [name]))
  return names.length === 0 ? [] : [`Watched beside them: ${names.join(', ')}`]
}

const LONGEST_QUERY = 300

function judgeWords(content: ShownPlan['content']) {
  return judgesIn(content).map((judge) => {
    const decides = judge.mode === 'observe' ? 'Observed, and decides nothing' : 'Judged'
    if (judge.judge === 'alerts') {
      const labels = Object.entries(judge.labels).map(([name, value]) => `${name}=${value}`)
      return `${decides}: no new alert of ${judge.service} with ${labels.join(', ')}`
    }
    const query = judge.query.length > LONGEST_QUERY ? `${judge.query.slice(0, LONGEST_QUERY)}…` : judge.query
    return `${decides}: \`${judge.good}\` of ${judge.service}, ${query.replaceAll(/\s+/g, ' ')}`
  })
}

function probeWords({ probes = [] }: ShownPlan['content']) {
  return [...new Set(probes.map(({ every }) => every))].map((every) => {
    const asked = probes.filter((one) => one.every === every)
    const names = asked.map(({ from, ...what }) => [probeName({ ...what, from: '' }).trim(), from] as const)
    const pairs = [...gathered(names)].map(([what, from]) => `${from.join(', ')} ${what}`)
    return `Pinged each ${every === 1 ? 'second' : duration(every)} as the user who reads, from the first timed commit to the end; decides nothing: ${pairs.join('; ')}`
  })
}

function afterWords({ after }: ShownPlan['content']) {
  if (after === undefined) return []
  return [`After the confirm its checks are judged every ${duration(after.every)} for ${duration(after.checks)}`]
}

const MOST_SWITCHES = 5

function checkpointWords({ checkpoints = {} }: ShownPlan['evidence']) {
  const spent = Object.entries(checkpoints)
  if (spent.length === 0) return []
  if (spent.length <= MOST_SWITCHES) {
    const names = spent.map(([device, all]) => `${device}: ${all.join(' ')}`).join('; ')
    return [`Deletes old checkpoints of ours, as they are now: ${names}`]
  }
  const all = spent.reduce((sum, [, names]) => sum + names.length, 0)
  return [`Deletes ${all} old checkpoints of ours on ${switches(spent.length)}, as they are now: --json names them`]
}

function failureWords({ maxFailures, waves, leftOut }: ShownPlan['content']) {
  if (maxFailures === 0) return []
  const before = failedBefore(definedMembers({ leftOut }))
  const changed = waves.flat().length + before.length
  const most = mostFailures(maxFailures, changed)
  const share = typeof maxFailures === 'number' ? '' : ` (${maxFailures})`
  if (most === 0) return [`No switch may fail: ${maxFailures} of ${changed} is less than one`]
  const spent = before.length === 0 ? '' : `; ${before.join(', ')} counted already`
  return [`Up to ${switches(most)} of ${changed}${share} may fail: each is put back, the others go on${spent}`]
}

/** The parameters whose value may be a secret: the plan hides some word of its lines, and no line shows the value. */
export function hiddenParams({
  devices,
  workflow,
}: Pick<Plan['content'], 'devices' | 'workflow'>): ReadonlySet<string> {
  const given = Object.entries(workflow.params)
  if (given.length === 0) return new Set()
  const lines = new Set(devices.flatMap(({ lines: own }) => own))
  if (![...lines].some((line) => line.includes('<redacted'))) return new Set()
  const shown = [...lines].join('\n')
  return new Set(given.flatMap(([name, value]) => (textsIn(value).every((text) => shown.includes(text)) ? [] : [name])))
}

function textsIn(value: Json): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

export function planSummary(plan: ShownPlan): string {
  return `Plan: ${sizeOf(plan)}`
}

function sizeOf(plan: ShownPlan) {
  const groups = groupChanges(plan)
  const changed = plan.content.waves.flat().length
  const rest = plan.content.devices.length - changed
  return `${switches(changed)} to change, ${rest} unchanged · +${linesOn(groups, 'added')} -${linesOn(groups, 'removed')} lines`
}

export function rebaseWords({ rebases }: Pick<PlanContent, 'rebases'>): readonly string[] {
  if (rebases === undefined) return []
  return [`Rebases ${rebases}: the same change, planned again. Of its approvals those count that have carried`]
}

/** Names the lines of a change of quiet kinds: `only descriptions change`. */
export function quietWords({ devices }: { readonly devices: readonly Pick<PlannedDevice, 'diff'>[] }): string {
  const kinds = new Set(devices.flatMap(({ diff }) => [...kindsInDiff(diff)]))
  const names = kinds.delete('vlan.name') ? ['names of VLANs'] : []
  return `only ${present(kinds.size > 0 && 'descriptions', names).join(' and ')} change`
}
