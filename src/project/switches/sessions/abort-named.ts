import type { Fleet } from '../../../eos/device/transport.ts'
import { EosflowError } from '../../../model/error.ts'
import { problemOf } from '../../../model/problem.ts'
import { everyOpen, type SessionToEnd, type SwitchLeftovers } from '../../../report/recover/switch-leftovers.ts'
import type { AllowedAct } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { SilentCaller } from '../../identity/caller.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { abortSession } from './collect.ts'
import { isOfEosflow } from './whose.ts'

/** Throws InputError when a name is not one that eosflow gives: nobody else's session is ever aborted. */
export function requireOwnNames({ words }: WordedHost, names: readonly string[]): void {
  const [first, ...others] = names
    .filter((name) => !isOfEosflow(name))
    .map((name) =>
      problemOf(
        words({ code: 'given', input: 'abort' }),
        'not-ours',
        `${name} is not the name of a session of eosflow`,
        'eosflow ends only sessions that it has opened itself.',
      ),
    )
  if (first !== undefined) throw new InputError([first, ...others])
}

/** Throws `stale` when one is on none of them, `busy` when this store has an execution that still answers for it. */
export async function wantedOf(
  app: RecordApp,
  found: readonly SwitchLeftovers[],
  names: readonly string[],
): Promise<readonly SessionToEnd[]> {
  const open = everyOpen(found)
  const missing = names.filter((name) => !open.some(({ session }) => session.name === name))
  if (missing.length > 0) {
    throw new EosflowError('stale', `not open on any of these switches: ${missing.join(', ')}`, {
      ...hinted(app, { code: 'scan' }),
    })
  }
  const wanted = open.filter(({ session }) => names.includes(session.name))
  for (const { session } of wanted) {
    const { whose } = session
    if (whose.kind !== 'ours') continue
    const own = (await app.store.openExecutions()).find(({ id }) => id === whose.execution)
    if (own === undefined) continue
    throw new EosflowError('busy', `${session.name} belongs to execution ${own.id} of this store`, {
      ...hinted(app, { code: 'resume-or-stop', execution: own.id }),
    })
  }
  return wanted
}

export async function abortWanted(
  app: RecordApp,
  caller: SilentCaller,
  fleet: Fleet,
  { wanted, lets }: { readonly wanted: readonly SessionToEnd[]; readonly lets: AllowedAct },
): Promise<readonly string[]> {
  const said = await Promise.all(
    wanted.map(async ({ device, session }) => {
      const complaint = await abortSession(app, caller, fleet, { device, session: session.name, lets })
      return complaint === undefined ? [] : [`${device}: ${session.name}: ${complaint}`]
    }),
  )
  return said.flat()
}
