import type { HttpAnswer } from '../../../model/http-port.ts'
import { givenJson, isJsonObject, type Json, type JsonObject } from '../../../model/json.ts'

export type Labels = Readonly<Record<string, string>>

export interface QueryReading {
  readonly judge: 'prometheus'
  /** How many seconds before it was asked for its answer is of: a clock that is late, or an answer that somebody has kept. 0 where it is not. */
  readonly lag: number
  readonly series: readonly { readonly labels: Labels; readonly value: number }[]
  /** How many seconds ago the newest samples were taken, of each selector by the switch's label where it has one. */
  readonly samples: readonly { readonly labels: Labels; readonly age: number }[]
}

export interface AlertReading {
  readonly judge: 'alerts'
  readonly lag: number
  readonly firing: readonly Labels[]
  /** How many seconds ago the rules were evaluated that could fire so; the oldest of them. */
  readonly evaluated: number
}

export type JudgeReading = QueryReading | AlertReading

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

export function dataOf({ status, headers, body }: HttpAnswer): { readonly data: JsonObject } | Refusal {
  if (status >= 300 && status < 400) return refusal(`it answers ${status}: a redirect is not followed`)
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const said = type === 'application/json' ? parsed(body) : undefined
  if (status !== 200) return notGood(status, said)
  if (type !== 'application/json')
    return refusal(`its answer is ${type === '' ? 'of no type' : type}, not application/json`)
  return isJsonObject(said) ? wholeData(said) : refusal('its answer is not a JSON object')
}

function wholeData(said: JsonObject): { readonly data: JsonObject } | Refusal {
  if (said.status !== 'success' || said.error !== undefined || said.errorType !== undefined)
    return refusal(`it does not answer with success${errorOf(said)}`)
  const warnings = listOf(said.warnings).filter((one) => !isRemark(one))
  if (said.warnings !== undefined && !Array.isArray(said.warnings)) return refusal('its warnings are no list')
  if (warnings.length > 0) return refusal(`it warns beside its data: ${warnings.map(short).join('; ')}`)
  if (said.isPartial !== undefined && said.isPartial !== false) return refusal('it says that its answer is partial')
  return isJsonObject(said.data) ? { data: said.data } : refusal('its answer has no data')
}

export interface Refusal {
  readonly reason: string
  readonly isRefused?: true
}

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

function timeOf(milliseconds: number) {
  return Math.abs(milliseconds) <= 8.64e15 ? new Date(milliseconds).toISOString() : 'a time that there is not'
}

export function labelsOf(value: Json | undefined): Labels | undefined {
  if (!isJsonObject(value)) return undefined
  return Object.values(value).every((one) => typeof one === 'string') ? (value as Labels) : undefined
}

export function keyOfLabels(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

function isRemark(warning: Json) {
  return typeof warning === 'string' && warning.startsWith('PromQL info:')
}

function notGood(status: number, said: Json | undefined): Refusal {
  if (status === 401 || status === 403) return refusal(`it refuses the credentials (${status})`)
  const error = isJsonObject(said) ? errorOf(said) : ''
  const isRefused = (status === 400 || status === 422) && error !== ''
  return { reason: `it answers ${status}${error}`, ...(isRefused ? { isRefused: true } : {}) }
}

function errorOf({ errorType, error }: JsonObject) {
  return typeof error === 'string' ? ` (${short(errorType ?? 'error')}): ${short(error)}` : ''
}

const LONGEST = 300

function short(value: Json) {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

function parsed(body: Uint8Array) {
  try {
    return givenJson(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    return undefined
  }
}
