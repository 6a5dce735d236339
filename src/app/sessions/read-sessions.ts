import { readSessionDetails } from '../../device/session-detail.ts'
import type { Fleet } from '../../device/transport.ts'
import type { JournalEvent } from '../../journal/event.ts'
import type { Command } from '../../model/command.ts'
import { read } from '../../task/read.ts'
import type { App } from '../app.ts'
import { systemRandom } from '../system-random.ts'
import type { ListedSession, SwitchSessions } from './listed-session.ts'
import { isOfEosflow, timeInName, type Whose, whose } from './whose.ts'

const SESSIONS: Command = { cmd: 'show configuration sessions detail', revision: 1 }

/** The config sessions of one switch as it shows them now, and whose they are. */
export async function readSessions({ desk, console: io }: App, fleet: Fleet, device: string): Promise<SwitchSessions> {
  const context = { fleet, clock: desk.clock, random: systemRandom, signal: io.stop }
  try {
    const look = await read(context, device, (one) => one.look([SESSIONS]))
    const { sessions, armed, maxOpenSessions } = look.sessions
    const [reply] = look.replies
    const details = reply?.ok === true ? readSessionDetails(reply.json) : {}
    const now = desk.clock.now()
    const executions = Object.keys(sessions).some(isOfEosflow) ? await desk.store.executions() : []
    const listed = Object.entries(sessions).map(async ([name, state]): Promise<ListedSession> => {
      const detail = details[name]
      const owner = whose(name, executions, now)
      const since =
        detail?.completedAt === undefined ? await madeAt(desk, device, name, owner) : detail.completedAt * 1000
      return {
        name,
        state,
        whose: owner,
        inside: detail?.inside ?? [],
        ...(detail?.user === undefined ? {} : { user: detail.user }),
        ...(since === undefined ? {} : { age: Math.max(0, Math.floor((now - since) / 1000)) }),
        ...(armed?.session === name ? { secondsLeft: armed.secondsLeft } : {}),
      }
    })
    return { device, sessions: await Promise.all(listed), places: maxOpenSessions }
  } catch (failure) {
    return { device, failure }
  }
}

/** When the session was made: on record for our own, in the name of some others. */
async function madeAt(
  { store }: App['desk'],
  device: string,
  session: string,
  owner: Whose,
): Promise<number | undefined> {
  if (owner.kind !== 'ours') return timeInName(session)
  const staged = (event: JournalEvent): boolean =>
    event.type === 'ActIntended' && event.act === 'stage' && event.device === device && event.session === session
  const event = (await store.read(owner.execution)).find(staged)
  return event === undefined ? undefined : Date.parse(event.at)
}
