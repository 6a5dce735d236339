import type { Json } from '../../../model/json.ts'
import type { ConfigSession } from './config-session.ts'
import type { Switch } from './switch.ts'

/**
 * `show configuration sessions [detail]` as JSON, in both shapes: up to 4.31 an armed session says
 * `pendingCommitTimer` with `commitBy` (epoch seconds, recorded on 4.31); from 4.32 `committed`, and the top level names
 * it with `commitTimerExpireTime` (seconds on the uptime clock, as napalm reads it; docs/eos.md 2.5). `instances` are
 * the terminals inside, by the process of their CLI [I].
 */
export function sessionsJson(device: Switch): Json {
  const { behaviour } = device
  const { knobs } = device.config
  const { timer } = device.sessions.listed()
  const top = timer !== undefined && behaviour.timerJson === 'top-level'
  return {
    sessions: Object.fromEntries(
      device.sessions.listed().sessions.map((session) => [session.name, sessionJson(device, session)]),
    ),
    maxSavedSessions: knobs.maxCompleted,
    maxOpenSessions: knobs.maxPending,
    mergeOnCommit: knobs.mergeOnCommit,
    saveToStartupConfigOnCommit: knobs.saveToStartup,
    ...(top
      ? { commitTimerSessionName: timer.session, commitTimerExpireTime: (timer.deadline - device.bootedAt) / 1000 }
      : {}),
  }
}

function sessionJson(device: Switch, session: ConfigSession): Json {
  const inState = session.state === 'armed' && device.behaviour.timerJson === 'state'
  const { timer } = device.sessions.listed()
  return {
    state: stateWord(device, session),
    ...(session.closedAt === undefined ? {} : { completedTime: session.closedAt / 1000 }),
    ...(inState && timer !== undefined ? { commitBy: timer.deadline / 1000 } : {}),
    commitUser: session.closedBy,
    description: '',
    instances: Object.fromEntries(
      device.terminals.inside(session.name).map(({ pid, user, line }) => [String(pid), { user, terminal: line }]),
    ),
  }
}

/** `show configuration sessions` as text: the columns recorded on 4.21. `current` is the session one is in oneself. */
export function sessionsText(device: Switch, current?: string): string {
  const rows = device.sessions
    .listed()
    .sessions.map((session) => [
      session.name === current ? '*' : '',
      session.name,
      stateWord(device, session),
      session.openedBy,
      terminalsIn(device, session),
    ])
  return `${limits(device)}\n${table(['', 'Name', 'State', 'User', 'Terminal'], rows)}`
}

/** `show configuration sessions detail` as text, in the layout of 4.25 or of 4.35. */
export function sessionsDetailText(device: Switch, current?: string): string {
  return device.behaviour.detailText === 'table' ? wideDetail(device) : linedDetail(device, current)
}

function terminalsIn(device: Switch, { name }: ConfigSession) {
  return device.terminals
    .inside(name)
    .map(({ line }) => line)
    .join(',')
}

function wideDetail(device: Switch) {
  const head = ['Name', 'State', 'User', 'Terminal', 'Commit Time Left', 'Completed Time', 'Committed By']
  const rows = device.sessions.listed().sessions.map((session) => {
    const left = device.sessions.listed().timer?.session === session.name ? timeLeft(device) : ''
    const terminals = terminalsIn(device, session)
    const user = terminals === '' ? '' : session.openedBy
    return [session.name, stateWord(device, session), user, terminals, left, when(session.closedAt), session.closedBy]
  })
  return `${limits(device)}\n${table(head, rows)}`
}

function linedDetail(device: Switch, current: string | undefined) {
  const { knobs } = device.config
  const { timer } = device.sessions.listed()
  const armed =
    timer === undefined
      ? ''
      : `Session with pending commit timer: ${timer.session}\nTime left until commit timer expiry: in ${timeLeft(device)}\n\n`
  const settings =
    `Merge on commit is ${knobs.mergeOnCommit ? 'enabled' : 'disabled'}\n` +
    `Autosave to startup-config on commit is ${knobs.saveToStartup ? 'enabled' : 'disabled'}\n`
  const rows = device.sessions.listed().sessions.map((session) => {
    const owner = session.state === 'pending' || session.state === 'aborted' ? session.openedBy : ''
    const committer = session.state === 'aborted' ? '' : session.closedBy
    const mark = session.name === current ? '*' : ''
    const terminals = terminalsIn(device, session)
    return [mark, session.name, stateWord(device, session), owner, terminals, when(session.closedAt), committer]
  })
  const head = ['', 'Name', 'State', 'User', 'Terminal', 'Completed Time', 'Committed By']
  return `${limits(device)}${settings}\n${armed}${table(head, rows)}`
}

/** `show configuration checkpoints` as text (recorded on 4.25). */
export function checkpointsText(device: Switch): string {
  const rows = device.config.checkpoints.all().map(({ name, savedAt, user }) => [name, when(savedAt), user])
  return `Maximum number of checkpoints: ${device.config.checkpoints.limit}\n${table(['Filename', 'Date', 'User'], rows)}`
}

function stateWord(device: Switch, session: ConfigSession): string {
  const topLevel = device.behaviour.timerJson === 'top-level'
  if (session.state === 'armed') return topLevel ? 'committed' : 'pendingCommitTimer'
  if (session.state === 'completed') return topLevel ? 'committed' : 'completed'
  return session.state
}

function limits({ config: { knobs } }: Switch) {
  return `Maximum number of completed sessions: ${knobs.maxCompleted}\nMaximum number of pending sessions: ${knobs.maxPending}\n`
}

function timeLeft({ sessions, now }: Switch) {
  const { timer } = sessions.listed()
  const seconds = Math.max(0, Math.floor(((timer?.deadline ?? now) - now) / 1000))
  const two = (number: number) => String(number).padStart(2, '0')
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

// `2026-01-05 08:00:00`, UTC.
function when(at: number | undefined) {
  return at === undefined ? '' : new Date(at).toISOString().slice(0, 19).replace('T', ' ')
}

function table(head: readonly string[], rows: readonly (readonly string[])[]) {
  const widths = head.map((title, column) => Math.max(1, title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const dashes = widths.map((width) => '-'.repeat(width))
  return [head, dashes, ...rows]
    .map(
      (row) =>
        `${widths
          .map((width, column) => (row[column] ?? '').padEnd(width))
          .join(' ')
          .trimEnd()}\n`,
    )
    .join('')
}
