import { isJsonObject, type Json } from '../../model/json.ts'

export interface SessionDetail {
  readonly user?: string
  /** When it was committed or aborted, seconds since the epoch on the switch's clock. */
  readonly completedAt?: number
  readonly inside: readonly string[]
}

/** The config sessions of `show configuration sessions detail` as JSON, by name: `commitUser`, `completedTime`, and `instances`, the terminals inside (docs/eos.md 2.5). */
export function readSessionDetails(reply: Json): Readonly<Record<string, SessionDetail>> {
  const listed = isJsonObject(reply) && isJsonObject(reply.sessions) ? reply.sessions : {}
  return Object.fromEntries(Object.entries(listed).map(([name, session]) => [name, detailOf(session)]))
}

function detailOf(session: Json): SessionDetail {
  if (!isJsonObject(session)) return { inside: [] }
  const { commitUser, completedTime, instances } = session
  const terminals = isJsonObject(instances) ? Object.values(instances) : []
  return {
    ...(typeof commitUser === 'string' && commitUser !== '' ? { user: commitUser } : {}),
    ...(typeof completedTime === 'number' ? { completedAt: completedTime } : {}),
    inside: terminals.map((terminal) => (isJsonObject(terminal) ? String(terminal.user ?? '?') : '?')),
  }
}
