import { isOwnerSession } from '../../change/task/act/session-name.ts'
import { messageOf } from '../../model/error.ts'
import { count, duration, switches } from '../text/count.ts'
import { plain } from '../text/style.ts'
import { tableLines } from '../text/table-lines.ts'
import { visibleLine } from '../text/visible.ts'
import type { ListedSession, SwitchSessions } from './sessions.ts'

const HEAD = ['switch', 'session', 'state', 'by', 'age', 'whose']

export function sessionsText(listed: readonly SwitchSessions[]): string {
  const rows = listed.flatMap((one) =>
    'failure' in one ? [] : one.sessions.map((session) => row(one.device, session)),
  )
  const failures = listed.flatMap((one) => ('failure' in one ? [failureLine(one)] : []))
  return [...(rows.length === 0 ? [] : tableLines([HEAD, ...rows], plain)), ...failures, summary(listed)].join('\n')
}

export function failureLine({ device, failure }: { readonly device: string; readonly failure: unknown }): string {
  const message = messageOf(failure)
  return visibleLine(`? ${message.startsWith(`${device}:`) ? '' : `${device}: `}${message}`)
}

function row(device: string, session: ListedSession) {
  const { name, state, user, inside, age, secondsLeft } = session
  const by = [...new Set([...(user === undefined ? [] : [user]), ...inside])].join(', ')
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
