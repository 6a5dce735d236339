import { failedBefore, mostFailures } from '../../change/plan/left-out-switch.ts'
import type { ShownPlan } from '../../change/plan/plan.ts'
import { soakWords } from '../../change/plan/rollout.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { gathered } from '../../model/map-keys.ts'
import { probeName } from '../../model/probe.ts'
import { count, duration, switches } from '../text/count.ts'
import { plannedAround } from './around-words.ts'
import { streamWords } from './cloudvision-words.ts'
import { quietWords } from './quiet-words.ts'
import { spokenSwitches } from './spoken.ts'

const CONFIRMED: Readonly<Record<ShownPlan['content']['atomic'], string | undefined>> = {
  change: undefined,
  wave: 'Each wave is confirmed by itself: it stays when a later one fails',
  device: 'Each switch is confirmed by itself: it stays when another one fails',
}

export type RolloutCode =
  | 'confirmed-apart'
  | 'branch'
  | 'rule-reading'
  | 'gate-allows'
  | 'gate-demands'
  | 'budget'
  | 'other-side'
  | 'other-side-not-asked'
  | 'failures-tolerated'
  | 'canary'
  | 'pair'
  | 'shared-wave'
  | 'watched'
  | 'around'
  | 'judge'
  | 'probe'
  | 'after'
  | 'checkpoints'
  | 'streams'
  | 'stable-for'

export interface RolloutStatement {
  readonly code: RolloutCode
  readonly words: string
}

export function rolloutStatements({ content, evidence }: ShownPlan): readonly RolloutStatement[] {
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

const said = (code: RolloutCode, words: readonly string[]): readonly RolloutStatement[] =>
  words.map((one) => ({ code, words: one }))

export function sharedWaves(content: ShownPlan['content']): readonly (readonly string[])[] {
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

function gateStatements({ gate = [] }: ShownPlan['content']): RolloutStatement[] {
  return gate.map(({ decision, require, reasons = [], bundle }) => {
    const by = bundle === undefined ? '' : ` by ${bundle}`
    const who = require === undefined || require.from.length === 0 ? '' : ` of ${require.from.join(', ')}`
    const isAllowed = decision === 'allow' || require === undefined
    const what = isAllowed ? 'allows this change' : `demands ${count(require.count, 'approval')}${who}`
    const why = reasons.length === 0 ? '' : `: ${reasons.join('; ')}`
    return {
      code: isAllowed ? 'gate-allows' : 'gate-demands',
      words: `The gate of the policy ${what}${by}${why}`,
    }
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

function judgeWords({ judges = [] }: ShownPlan['content']) {
  return judges.map((judge) => {
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
  const before = failedBefore({ ...definedMembers({ leftOut }) })
  const changed = waves.flat().length + before.length
  const most = mostFailures(maxFailures, changed)
  const share = typeof maxFailures === 'number' ? '' : ` (${maxFailures})`
  if (most === 0) return [`No switch may fail: ${maxFailures} of ${changed} is less than one`]
  const spent = before.length === 0 ? '' : `; ${before.join(', ')} counted already`
  return [`Up to ${switches(most)} of ${changed}${share} may fail: each is put back, the others go on${spent}`]
}

function capital(text: string) {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
