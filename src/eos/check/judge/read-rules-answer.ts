import type { HttpAnswer } from '../../../model/http-port.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'
import type { AlertJudge } from '../../../model/judge.ts'
import {
  type AlertReading,
  type AskedAt,
  CLOCKS_APART,
  clockFault,
  dataOf,
  type JudgeAnswer,
  type Labels,
  labelsOf,
  lagOf,
  listOf,
  type Refusal,
  refusal,
} from './judge-reading.ts'

const MISSED_TURNS = 3
// The header `date` has whole seconds.
const OF_DATE = 1

const STATES: readonly Json[] = ['firing', 'pending', 'inactive']

/** Reads the alerting rules of a server (`/api/v1/rules`), with the alerts of each. */
export function readRulesAnswer(judge: AlertJudge, answer: HttpAnswer, when: AskedAt): JudgeAnswer {
  const read = readingOf(judge, answer, when)
  return 'reason' in read ? { ok: false, ...read } : { ok: true, reading: read }
}

function readingOf({ labels: wanted }: AlertJudge, answer: HttpAnswer, when: AskedAt): AlertReading | Refusal {
  const found = dataOf(answer)
  if ('reason' in found) return found
  const { data } = found
  if (!Array.isArray(data.groups)) return refusal('its answer has no groups of rules')
  if (data.groupNextToken !== undefined) return refusal('its answer is not whole: it has another page')
  const now = Date.parse(answer.headers.date ?? '')
  if (Number.isNaN(now)) return refusal('its answer does not say when it was given (`date`)')
  const fault = clockFault(now, when)
  if (fault !== undefined) return refusal(fault)
  const rules = listOf(data.groups).map((group) => rulesOf(group))
  if (!rules.every((one) => one !== undefined)) return refusal('its answer holds something that is no group of rules')
  const able = rules.flat().filter((rule) => couldFire(rule, wanted))
  if (able.length === 0) return refusal('no alerting rule of it could fire with these labels')
  const ill = able.find(({ health }) => health !== 'ok')
  if (ill !== undefined)
    return refusal(
      `its rule \`${ill.name}\` is ${ill.health === 'unknown' ? 'not evaluated yet' : 'not evaluated well'}`,
    )
  const bare = able.find(({ state, alerts }) => state === 'firing' && alerts.length === 0)
  if (bare !== undefined) return refusal(`its rule \`${bare.name}\` fires, and its alerts are not in the answer`)
  const ahead = able.find(({ evaluated }) => evaluated > now + CLOCKS_APART)
  if (ahead !== undefined)
    return refusal(`its rule \`${ahead.name}\` was evaluated in the future: the clocks of the service differ`)
  const ages = able.map(({ evaluated }) => (now - evaluated) / 1000 + OF_DATE)
  const late = able.find(({ interval }, index) => (ages[index] ?? 0) > MISSED_TURNS * interval + OF_DATE)
  if (late !== undefined) return refusal(`its rule \`${late.name}\` is not evaluated any more`)
  const firing = able.flatMap(({ alerts }) => alerts).filter((labels) => hasLabels(labels, wanted))
  return { judge: 'alerts', lag: lagOf(now + OF_DATE * 1000, when), firing, evaluated: Math.max(...ages) }
}

// Times are in milliseconds since the epoch, the interval is in seconds.
interface Rule {
  readonly name: string
  readonly labels: Labels
  readonly health: string
  readonly state: Json | undefined
  readonly evaluated: number
  readonly interval: number
  readonly alerts: readonly Labels[]
}

function rulesOf(group: Json): readonly Rule[] | undefined {
  if (!isJsonObject(group) || !Array.isArray(group.rules)) return undefined
  const { interval } = group
  if (typeof interval !== 'number' || !(interval > 0)) return undefined
  const rules = listOf(group.rules)
    .filter((rule) => !isJsonObject(rule) || rule.type !== 'recording')
    .map((rule) => (isJsonObject(rule) ? ruleOf(rule, interval) : undefined))
  return rules.every((one) => one !== undefined) ? rules : undefined
}

function ruleOf(rule: JsonObject, interval: number): Rule | undefined {
  const { type, name, health, state, lastEvaluation, alerts } = rule
  const labels = labelsOf(rule.labels ?? {})
  if (type !== 'alerting' || typeof name !== 'string' || typeof health !== 'string' || labels === undefined)
    return undefined
  const evaluated = typeof lastEvaluation === 'string' ? Date.parse(lastEvaluation) : Number.NaN
  if (Number.isNaN(evaluated) || !Array.isArray(alerts)) return undefined
  const read = listOf(alerts).map((alert) => {
    const own = isJsonObject(alert) ? labelsOf(alert.labels) : undefined
    const its = isJsonObject(alert) ? alert.state : undefined
    return own === undefined || its === undefined || !STATES.includes(its) ? undefined : { own, its }
  })
  if (!read.every((one) => one !== undefined)) return undefined
  const firing = read.filter(({ its }) => its === 'firing').map(({ own }) => own)
  return { name, labels, health, state, evaluated, interval, alerts: firing }
}

// Whether the labels of a rule do not say otherwise.
function couldFire({ name, labels }: Rule, wanted: Labels) {
  return Object.entries(wanted).every(([label, value]) => {
    const own = label === 'alertname' ? name : Object.hasOwn(labels, label) ? labels[label] : undefined
    return own === undefined || own === value || own.includes('{{')
  })
}

function hasLabels(labels: Labels, wanted: Labels) {
  return Object.entries(wanted).every(([label, value]) => Object.hasOwn(labels, label) && labels[label] === value)
}
