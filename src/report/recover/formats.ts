import { isOwnerSession } from '../../change/task/act/act.ts'
import { failureLine, type ListedSession, unreadJson } from '../sessions/formats.ts'
import { count, duration, type Style, switches, visibleLine } from '../text/text.ts'

type Read = Exclude<SwitchLeftovers, { failure: unknown }>

function foundText(found: readonly SwitchLeftovers[], style: Style) {
  return [...found.flatMap((one) => linesOf(one, style)), summary(found)].join('\n')
}

export function sessionWords({ name, state, secondsLeft }: ListedSession): string {
  switch (state) {
    case 'armed':
      return `${name} is committed under its timer: the switch puts itself back in ${duration(secondsLeft ?? 0)}`
    case 'pending':
      if (isOwnerSession(name))
        return `${name} is the empty session of a process that drives or drove an execution: it holds nothing of a change, and takes the place of another session`
      return `${name} was never committed: nothing of it is in running-config, but it takes the place of another session`
    default:
      return `${name} is in a state that eosflow does not know`
  }
}

function linesOf(found: SwitchLeftovers, style: Style) {
  if ('failure' in found) return [style.bad(failureLine(found.device, found.failure))]
  const { device, foreignTimer } = found
  const sessions = found.sessions.flatMap((session) => [
    style.bad(visibleLine(`✖ ${device}: ${sessionWords(session)}`)),
    ...whatToDo(session).map((line) => visibleLine(`    ${line}`)),
  ])
  const foreign =
    foreignTimer === undefined
      ? []
      : [style.warning(visibleLine(`! ${device}: ${sessionWords(foreignTimer)}; it is not of eosflow and stays`))]
  return [...sessions, ...foreign, ...checkpointLines(found), ...startupLines(found).map((line) => style.warning(line))]
}

function startupLines({ device, sessions, foreignTimer, checkpoints, unsaved, startup }: Read) {
  if (sessions.length + checkpoints.length === 0) return []
  if (unsaved && (foreignTimer !== undefined || sessions.some(({ state }) => state === 'armed')))
    return [`! ${device}: running-config is not saved, and must not be while the commit timer runs`]
  if (unsaved) return [`! ${device}: running-config is not saved: startup-config differs from running-config`]
  return startup === 'unknown' ? [`! ${device}: startup-config cannot be read: it may hold a change`] : []
}

export function endOf({ session: { name, whose } }: SessionToEnd): string {
  const isOpen = whose.kind === 'ours' && whose.ended !== true
  return visibleLine(isOpen ? `eosflow resume ${whose.execution}` : `eosflow recover --scan --abort ${name}`)
}

function whatToDo({ name, state, whose }: ListedSession) {
  if (whose.kind === 'ours' && whose.ended !== true) return [`this store knows it: eosflow resume ${whose.execution}`]
  const abort = `eosflow recover --scan --abort ${name}`
  if (state === 'armed') {
    return [
      `to put it back now: ${abort}`,
      `to keep it, once you have seen that it is good: configure session ${name} commit`,
    ]
  }
  if (state === 'pending') return [`to remove it: ${abort}`]
  return [`look at it on the switch: show configuration sessions detail; to end it: ${abort}`]
}

const SHOWN_CHECKPOINTS = 3

function savedWords(shown: string, by: NonNullable<Read['savedBy']>[string] | undefined) {
  if (by === undefined)
    return `${shown} was saved by an execution that this store does not know: compare it before you go back to it`
  const end = by.ended === 'open' ? 'which is open' : by.ended
  return `${shown} is running-config as it was before the change of execution ${by.execution}, ${end}`
}

function checkpointLines({ device, checkpoints, savedBy = {} }: Read) {
  const lines = checkpoints.slice(0, SHOWN_CHECKPOINTS).flatMap((name) => {
    const shown = visibleLine(name)
    return [
      visibleLine(`= ${device}: checkpoint ${savedWords(shown, savedBy[name])}`),
      `    to compare: diff checkpoint:${shown} running-config; to go back: configure replace checkpoint:${shown} skip-checkpoint`,
    ]
  })
  const older = checkpoints.length - SHOWN_CHECKPOINTS
  if (older <= 0) return lines
  return [...lines, `  ${device}: and ${count(older, 'older checkpoint')}: show configuration checkpoints`]
}

function summary(found: readonly SwitchLeftovers[]) {
  const read = found.filter((one): one is Read => !('failure' in one))
  const sessions = read.flatMap((one) => one.sessions)
  const armed = sessions.filter(({ state }) => state === 'armed').length
  const checkpoints = read.reduce((sum, one) => sum + one.checkpoints.length, 0)
  return `Found: ${count(sessions.length, 'open session')} of eosflow, ${armed} under a commit timer, ${count(checkpoints, 'checkpoint')} on ${switches(found.length)} · ${found.length - read.length} not read`
}

export function abortedText({ device, session, gone }: AbortedSession, style: Style): string {
  return gone
    ? style.good(`✔ ${device}: ${session} aborted, read back`)
    : style.bad(`? ${device}: ${session} is not known to be gone`)
}

export const foundAs = { text: foundText, json: foundJson } as const

function foundJson(
  found: readonly SwitchLeftovers[],
  aborted: readonly AbortedSession[],
  exitCode: number,
  lost?: { readonly code: string; readonly through: number },
) {
  const devices = found.map((one) => ('failure' in one ? unreadJson(one) : one))
  return JSON.stringify({
    version: 1,
    kind: 'recover',
    devices,
    aborted,
    lost,
    exitCode,
  })
}

export type SwitchLeftovers =
  | {
      readonly device: string
      readonly sessions: readonly ListedSession[]
      readonly foreignTimer?: ListedSession
      /** The checkpoints with a name of ours, the newest first: running-config as it was when a change was staged. */
      readonly checkpoints: readonly string[]
      /** Of those that an execution of this store has saved, how it ended; `open`: it has not. */
      readonly savedBy?: Readonly<Record<string, { readonly execution: string; readonly ended: string }>>
      readonly unsaved: boolean
      readonly startup?: 'unknown'
    }
  | { readonly device: string; readonly failure: unknown }

export interface SessionToEnd {
  readonly device: string
  readonly session: ListedSession
}

export function everyOpen(found: readonly SwitchLeftovers[]): readonly SessionToEnd[] {
  return found.flatMap((one) =>
    'failure' in one ? [] : one.sessions.map((session) => ({ device: one.device, session })),
  )
}

export interface AbortedSession {
  readonly device: string
  readonly session: string
  readonly gone: boolean
}

export function abortedBy(
  found: readonly SwitchLeftovers[],
  aborted: readonly SessionToEnd[],
): readonly AbortedSession[] {
  return aborted.map(({ device, session: { name } }) => {
    const one = found.find((each) => each.device === device)
    const gone = one !== undefined && !('failure' in one) && one.sessions.every((session) => session.name !== name)
    return { device, session: name, gone }
  })
}
