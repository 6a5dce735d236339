import { isJsonObject, type Json } from '../../model/json.ts'

/** What a switch tells of a config session besides its state. */
export interface SessionDetail {
  /** Who committed it; a pending one tells nobody. */
  readonly user?: string
  /** When it was committed or aborted, seconds since the epoch on the switch's clock. */
  readonly completedAt?: number
  /** The users whose terminals are inside it. */
  readonly inside: readonly string[]
}

/**
 * The config sessions of `show configuration sessions detail` as JSON, by name: `commitUser`, `completedTime`, and
 * `instances`, the terminals inside (docs/eos.md 2.5). No version tells when a pending session was opened.
 */
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
