import { isOwnerSession } from '../../change/task/act/act.ts'
import type { SessionState } from '../../eos/device/device.ts'
import { errorRecord, messageOf } from '../../model/error.ts'
import { count, duration, plain, present, type Style, switches, tableLines, visibleLine } from '../text/text.ts'

export type SessionOwner =
  /** It is `running` while it may still want its session; one that has `ended` never will. */
  | { readonly kind: 'ours'; readonly execution: string; readonly running: boolean; readonly ended?: true }
  /** An eosflow whose store this is not. */
  | { readonly kind: 'eosflow' }
  /** Anybody else. */
  | { readonly kind: 'foreign' }

export interface ListedSession {
  readonly name: string
  readonly state: SessionState
  readonly whose: SessionOwner
  readonly user?: string
  readonly inside: readonly string[]
  /** Seconds since it was made, where the journal or its name tells it, or since it was completed. */
  readonly age?: number
  readonly secondsLeft?: number
}

export type SwitchSessions =
  | { readonly device: string; readonly sessions: readonly ListedSession[]; readonly places: number }
  | { readonly device: string; readonly failure: unknown }

type CollectedEnd = 'removed' | 'refused' | 'unknown'

export interface CollectedSession {
  readonly session: string
  readonly end: CollectedEnd
  readonly detail?: string
}

export type SwitchCollection =
  | {
      readonly device: string
      readonly removed: readonly CollectedSession[]
      readonly kept: readonly RemainingSession[]
    }
  | { readonly device: string; readonly failure: unknown }

export interface RemainingSession {
  readonly session: string
  readonly because: string
}

export function collectedText(done: readonly SwitchCollection[], style: Style): string {
  const rows = done.flatMap((one) => {
    if ('failure' in one) return [style.bad(failureLine(one.device, one.failure))]
    const kept = one.kept.map(({ session, because }) => `= ${one.device}: ${session} stays: ${because}`)
    return [...one.removed.map((session) => removedText(one.device, session, style)), ...kept.map(visibleLine)]
  })
  const read = done.flatMap((one) => ('failure' in one ? [] : one.removed))
  const of = (end: CollectedSession['end']) => read.filter((one) => one.end === end).length
  const kept = done.reduce((sum, one) => sum + ('failure' in one ? 0 : one.kept.length), 0)
  const bad = of('refused') + of('unknown')
  const total = `Removed: ${count(of('removed'), 'session')} on ${switches(done.length)}, read back · ${kept} of eosflow kept, ${bad} not removed`
  return [...rows, total].join('\n')
}

function removedText(device: string, { session, end, detail }: CollectedSession, style: Style) {
  const why = detail === undefined ? '' : `: ${detail}`
  switch (end) {
    case 'removed':
      return style.good(visibleLine(`✔ ${device}: ${session} removed, read back`))
    case 'refused':
      return style.bad(visibleLine(`✖ ${device}: ${session} is still there${why}`))
    case 'unknown':
      return style.bad(
        visibleLine(`? ${device}: ${session}: unknown${why}. Ask it: eosflow sessions list -t ${device}`),
      )
  }
}

const HEAD = ['switch', 'session', 'state', 'by', 'age', 'whose']

function sessionsText(listed: readonly SwitchSessions[]) {
  const rows = listed.flatMap((one) =>
    'failure' in one ? [] : one.sessions.map((session) => row(one.device, session)),
  )
  const failures = listed.flatMap((one) => ('failure' in one ? [failureLine(one.device, one.failure)] : []))
  return present(rows.length > 0 && tableLines([HEAD, ...rows], plain), failures, summary(listed)).join('\n')
}

export function failureLine(device: string, failure: unknown): string {
  const message = messageOf(failure)
  return visibleLine(`? ${message.startsWith(`${device}:`) ? '' : `${device}: `}${message}`)
}

function row(device: string, session: ListedSession) {
  const { name, state, user, inside, age, secondsLeft } = session
  const by = [...new Set(present(user, inside))].join(', ')
  const shown = secondsLeft === undefined ? state : `${state}, ${duration(secondsLeft)} left`
  return [device, name, shown, by || '-', age === undefined ? '-' : duration(age), whoseText(session)].map(visibleLine)
}

function whoseText({ name, whose }: ListedSession) {
  if (whose.kind === 'foreign') return 'foreign'
  const owner = isOwnerSession(name) ? ', owner session' : ''
  if (whose.kind === 'eosflow') return `eosflow, another store${owner}`
  return `ours: execution ${whose.execution}${whose.running ? ', running' : ''}${owner}`
}

function summary(listed: readonly SwitchSessions[]) {
  const all = listed.flatMap((one) => ('failure' in one ? [] : one.sessions))
  const of = (kind: string) => all.filter(({ whose }) => whose.kind === kind).length
  const armed = all.filter(({ state }) => state === 'armed').length
  const whose = `${of('ours')} ours, ${of('eosflow')} of another eosflow, ${of('foreign')} foreign`
  return `Sessions: ${count(all.length, 'session')} on ${switches(listed.length)} · ${whose} · ${armed} under a commit timer`
}

// The config sessions of switches as one document, version 1.
function sessionsJson(listed: readonly SwitchSessions[]) {
  const devices = listed.map((one) =>
    'failure' in one
      ? unreadJson({ name: one.device, failure: one.failure })
      : { name: one.device, places: one.places, sessions: one.sessions },
  )
  return JSON.stringify({ version: 1, kind: 'sessions', devices })
}

/** What garbage collection did as one document, version 1. */
export function collectedJson(done: readonly SwitchCollection[]): string {
  const devices = done.map((one) =>
    'failure' in one
      ? unreadJson({ name: one.device, failure: one.failure })
      : { name: one.device, sessions: one.removed, kept: one.kept },
  )
  return JSON.stringify({ version: 1, kind: 'sessions-gc', devices })
}

/** What could not be read, with its failure as documents have it. */
export function unreadJson<One extends { readonly failure: unknown }>({ failure, ...one }: One) {
  return { ...one, error: errorRecord(failure) }
}

export const sessionsAs = { text: sessionsText, json: sessionsJson } as const
