import type { Fleet } from '../../device/transport.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { App } from '../app.ts'
import type { Asking } from '../caller.ts'
import { InputError } from '../input-error.ts'
import { abortSession } from '../sessions/collect.ts'
import type { ListedSession } from '../sessions/listed-session.ts'
import { isOfEosflow } from '../sessions/whose.ts'
import type { Found } from './found.ts'

/** A session that a person wants to end, on one switch. */
export interface Wanted {
  readonly device: string
  readonly session: ListedSession
}

/** Throws InputError when a name is not one that eosflow gives: nobody else's session is ever aborted. */
export function requireOwnNames(names: readonly string[]): void {
  const [first, ...others] = names
    .filter((name) => !isOfEosflow(name))
    .map((name) =>
      problemOf(
        '--abort',
        'not-ours',
        `${name} is not a session of eosflow: its name does not say so`,
        'Who made it ends it.',
      ),
    )
  if (first !== undefined) throw new InputError([first, ...others])
}

/**
 * The sessions of these names on all switches. Throws `stale` when one is on none of them, `busy` when this store has an execution
 * that still answers for it.
 */
export async function wantedOf(
  app: App,
  found: readonly Found[],
  names: readonly string[],
): Promise<readonly Wanted[]> {
  const open = everyOpen(found)
  const missing = names.filter((name) => !open.some(({ session }) => session.name === name))
  if (missing.length > 0) {
    throw new EosflowError('stale', `not open on any of these switches: ${missing.join(', ')}`, {
      hint: 'Nothing was aborted. eosflow recover --scan shows what is there.',
    })
  }
  const wanted = open.filter(({ session }) => names.includes(session.name))
  for (const { session } of wanted) {
    const { whose } = session
    if (whose.kind !== 'ours') continue
    const own = (await app.store.openExecutions()).find(({ id }) => id === whose.execution)
    if (own === undefined) continue
    throw new EosflowError('busy', `execution ${own.id} of this store answers for ${session.name}`, {
      hint: `eosflow resume ${own.id}, or eosflow stop ${own.id}`,
    })
  }
  return wanted
}

/** Every open session of eosflow that was found. */
export function everyOpen(found: readonly Found[]): readonly Wanted[] {
  return found.flatMap((one) =>
    'failure' in one ? [] : one.sessions.map((session) => ({ device: one.device, session })),
  )
}

/** Aborts the sessions, each on record; gives what was said against it. What became of them only a further scan tells. */
export async function abortWanted(
  app: App,
  caller: Asking,
  fleet: Fleet,
  wanted: readonly Wanted[],
): Promise<readonly string[]> {
  const said = await Promise.all(
    wanted.map(async ({ device, session }) => {
      const complaint = await abortSession(app, caller, fleet, device, session.name)
      return complaint === undefined ? [] : [`${device}: ${session.name}: ${complaint}`]
    }),
  )
  return said.flat()
}
