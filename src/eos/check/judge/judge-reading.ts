import { givenJson } from '../../../model/given-json.ts'
import type { HttpAnswer } from '../../../model/http-port.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

/** The labels of a series or an alert. */
export type Labels = Readonly<Record<string, string>>

/** What a full answer to a query says. */
export interface QueryReading {
  readonly judge: 'prometheus'
  /** How many seconds before it was asked for its answer is of: a clock that is late, or an answer that somebody has kept. 0 where it is not. */
  readonly lag: number
  readonly series: readonly { readonly labels: Labels; readonly value: number }[]
  /** How many seconds ago the newest samples were taken, of each selector by the switch's label where it has one. The oldest of each. */
  readonly samples: readonly { readonly labels: Labels; readonly age: number }[]
}

/** What a full list of rules says. */
export interface AlertReading {
  readonly judge: 'alerts'
  /** As of a {@link QueryReading}. */
  readonly lag: number
  /** The labels of each alert that fires. */
  readonly firing: readonly Labels[]
  /** How many seconds ago the rules were evaluated that could fire so; the oldest of them. */
  readonly evaluated: number
}

/** What an outside judge has said. */
export type JudgeReading = QueryReading | AlertReading

/** A reading, or in one sentence why there is none. `isRefused`: the service says that the query itself is wrong. */
export type JudgeAnswer =
  | { readonly ok: true; readonly reading: JudgeReading }
  | { readonly ok: false; readonly reason: string; readonly isRefused?: true }

/** When a judge was asked and heard, in milliseconds since the epoch by our own clock. */
export interface AskedAt {
  readonly asked: number
  readonly heard: number
}

/** How far the clock of a judge may be from ours, in milliseconds: beyond that nobody can say what was after the commit. */
export const CLOCKS_APART = 5_000

/** The data of an answer of the API of Prometheus that is whole and in its form, or why it is not. */
export function dataOf({ status, headers, body }: HttpAnswer): { readonly data: JsonObject } | Refusal {
  if (status >= 300 && status < 400) return refusal(`it answers ${status}: a redirect is not followed`)
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const said = type === 'application/json' ? parsed(body) : undefined
  if (status !== 200) return notGood(status, said)
  if (type !== 'application/json')
    return refusal(`its answer is ${type === '' ? 'of no type' : type}, not application/json`)
  return isJsonObject(said) ? wholeData(said) : refusal('its answer is not a JSON object')
}

/** The data of a document that says success, and nothing against itself. */
function wholeData(said: JsonObject): { readonly data: JsonObject } | Refusal {
  if (said.status !== 'success' || said.error !== undefined || said.errorType !== undefined)
    return refusal(`it does not answer with success${errorOf(said)}`)
  const warnings = listOf(said.warnings).filter((one) => !isRemark(one))
  if (said.warnings !== undefined && !Array.isArray(said.warnings)) return refusal('its warnings are no list')
  if (warnings.length > 0) return refusal(`it warns beside its data: ${warnings.map(short).join('; ')}`)
  if (said.isPartial !== undefined && said.isPartial !== false) return refusal('it says that its answer is partial')
  return isJsonObject(said.data) ? { data: said.data } : refusal('its answer has no data')
}

/** Why an answer cannot be used. */
export interface Refusal {
  readonly reason: string
  readonly isRefused?: true
}

/** A reason as a refusal. */
export const refusal = (reason: string): Refusal => ({ reason })

/** Why the clock of a judge cannot be relied on; undefined where it can. `said` is its time in milliseconds since the epoch. */
export function clockFault(said: number, { asked, heard }: AskedAt): string | undefined {
  if (said >= asked - CLOCKS_APART && said <= heard + CLOCKS_APART) return undefined
  const apart = Math.round(Math.abs(said - (said < asked ? asked : heard)) / 1000)
  const limit = CLOCKS_APART / 1000
  return `its clock says ${timeOf(said)} and ours ${timeOf(heard)}: ${apart} s apart, and at more than ${limit} s nobody can say what was after the commit`
}

/** How many seconds before it was asked for an answer is of, by what it says; `said` is in milliseconds since the epoch. */
export function lagOf(said: number, { asked }: AskedAt): number {
  return Math.max(0, asked - said) / 1000
}

function timeOf(milliseconds: number): string {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : 'a time that there is not'
}

/** The members of a mapping where all are texts. */
export function labelsOf(value: Json | undefined): Labels | undefined {
  if (!isJsonObject(value)) return undefined
  return Object.values(value).every((one) => typeof one === 'string') ? (value as Labels) : undefined
}

/** The same text for the same labels, in whatever order they come. */
export function keyOfLabels(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

/** The items of a list; none where it is no list. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

/** What Prometheus 2.48 to 2.53 put among warnings and only remarks on how a metric is named. */
function isRemark(warning: Json): boolean {
  return typeof warning === 'string' && warning.startsWith('PromQL info:')
}

function notGood(status: number, said: Json | undefined): Refusal {
  if (status === 401 || status === 403) return refusal(`it refuses the credentials (${status})`)
  const error = isJsonObject(said) ? errorOf(said) : ''
  const isRefused = (status === 400 || status === 422) && error !== ''
  return { reason: `it answers ${status}${error}`, ...(isRefused ? { isRefused: true } : {}) }
}

function errorOf({ errorType, error }: JsonObject): string {
  return typeof error === 'string' ? ` (${short(errorType ?? 'error')}): ${short(error)}` : ''
}

const LONGEST = 300

/** A text of a service as a message holds it: one line, cut. */
function short(value: Json): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function parsed(body: Uint8Array): Json | undefined {
  try {
    return givenJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
