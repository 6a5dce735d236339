import type { HttpAnswer } from '../../model/http-port.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { QueryJudge } from '../../model/judge.ts'
import { readPromql } from '../../text/query/promql.ts'
import {
  type AskedAt,
  CLOCKS_APART,
  clockFault,
  dataOf,
  type JudgeAnswer,
  keyOfLabels,
  type Labels,
  labelsOf,
  lagOf,
  type QueryReading,
  type Refusal,
  refusal,
} from './reading.ts'

// Times are seconds since the epoch.
interface Member {
  readonly labels: Labels
  readonly at: number
  readonly value: number
}

/** Reads what a server says to {@link sentQuery}. */
export function readQueryAnswer(judge: QueryJudge, answer: HttpAnswer, when: AskedAt): JudgeAnswer {
  const read = readingOf(judge, answer, when)
  return 'reason' in read ? { ok: false, ...read } : { ok: true, reading: read }
}

function readingOf(judge: QueryJudge, answer: HttpAnswer, when: AskedAt): QueryReading | Refusal {
  const found = dataOf(answer)
  if ('reason' in found) return found
  const { resultType, result } = found.data
  if (resultType !== 'vector')
    return refusal(`its result is of the type ${JSON.stringify(resultType ?? null)}, not a vector`)
  if (!Array.isArray(result)) return refusal('its result is no list')
  const members = (result as readonly Json[]).map(memberOf)
  if (!members.every((one) => one !== undefined))
    return refusal('its result holds something that is no series with one number')
  if (new Set(members.map(({ labels }) => keyOfLabels(labels))).size < members.length)
    return refusal('its result holds a series twice')
  const marks = members.filter(({ labels }) => labels[OWN_LABEL] === NOW)
  const [mark] = marks
  if (mark === undefined || marks.length > 1 || Object.keys(mark.labels).length > 1)
    return refusal('its answer is not whole: the mark that eosflow asks for with each query is not in it')
  if (members.some(({ at }) => at !== mark.at)) return refusal('its answer is of several moments')
  const fault = clockFault(mark.at * 1000, when)
  if (fault !== undefined) return refusal(fault)
  const rest = members.filter((one) => one !== mark)
  const names = readPromql(judge.query).selectors.map((_, index) => sampleOf(index + 1))
  const samples = rest.filter(({ labels }) => Object.hasOwn(labels, OWN_LABEL))
  if (samples.some(({ labels, value }) => !isSample(labels, names, judge.by) || !Number.isFinite(value)))
    return refusal(`a series has the label \`${OWN_LABEL}\`, which eosflow keeps for itself`)
  if (samples.some(({ value }) => value > mark.at + CLOCKS_APART / 1000)) return refusal('it has samples of the future')
  return {
    judge: 'prometheus',
    lag: lagOf(mark.at * 1000, when),
    series: rest
      .filter(({ labels }) => !Object.hasOwn(labels, OWN_LABEL))
      .map(({ labels, value }) => ({ labels, value })),
    samples: samples.map(({ labels, value }) => ({ labels, age: mark.at - value })),
  }
}

function isSample({ [OWN_LABEL]: is = '', ...rest }: Labels, names: readonly string[], by: string | undefined) {
  return names.includes(is) && Object.keys(rest).every((name) => name === by)
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i
const OTHERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  '+Inf': Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
}

function memberOf(item: Json): Member | undefined {
  if (!isJsonObject(item) || Object.keys(item).some((key) => key !== 'metric' && key !== 'value')) return undefined
  const labels = labelsOf(item.metric)
  const { value } = item
  if (labels === undefined || !Array.isArray(value) || value.length !== 2) return undefined
  const [at, text] = value as readonly Json[]
  if (typeof at !== 'number' || typeof text !== 'string') return undefined
  if (NUMBER.test(text)) return { labels, at, value: Number(text) }
  const other = Object.hasOwn(OTHERS, text) ? OTHERS[text] : undefined
  return other === undefined ? undefined : { labels, at, value: other }
}

const OWN_LABEL = 'eosflow'
const NOW = 'now'
// What it says of the newest samples of the n-th selector, counted from 1.
const sampleOf = (selector: number): string => `sample ${selector}`

export function sentQuery({ query, by }: Pick<QueryJudge, 'query' | 'by'>): string {
  const group = by === undefined ? '' : ` by (${by})`
  const marked = (what: string, is: string) => `label_replace(${what}, "${OWN_LABEL}", "${is}", "", "")`
  const samples = readPromql(query).selectors.map((selector, index) =>
    marked(`min${group} (timestamp(${selector}))`, sampleOf(index + 1)),
  )
  return [`(${query}\n)`, ...samples, marked('vector(time())', NOW)].join(' or ')
}
