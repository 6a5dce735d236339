import { readState } from '../../../change/engine/fold.ts'
import { barredUntil } from '../../../change/record/store/lease.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { Console } from '../../system/process/console.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'

// How often it is asked whether somebody has released the switches, in milliseconds.
const LOOK = 500

/** Waits, and says until when, while a switch is kept from other executions because the process of one ended without a word on it. Throws `busy` when it is interrupted meanwhile: nothing is begun then, and nothing ended. */
export async function awaitQuarantines(
  app: ProjectStore,
  caller: Console,
  targets: readonly string[],
  own?: string,
): Promise<void> {
  let said = ''
  for (;;) {
    const barred = await barredOf(app, targets, own)
    const [first] = barred
    if (first === undefined) return
    if (caller.stop.aborted) throw notBegun(first)
    const line = barred.map(({ device, until, execution }) => `${device} until ${until} (${execution})`).join(', ')
    if (line !== said) {
      caller.tell(
        `waiting: the process of an execution was killed, and its switches may not be changed by others yet: ${line}\n`,
      )
    }
    said = line
    await app.clock
      .sleep(Math.min(LOOK, Math.max(1, Date.parse(first.until) - app.clock.now())), caller.stop)
      .catch((error: unknown) => {
        if (!caller.stop.aborted) throw error
      })
  }
}

interface Barred {
  readonly device: string
  readonly execution: string
  readonly until: string
}

function notBegun({ device, execution, until }: Barred) {
  return new EosflowError(
    'busy',
    `${device} is kept from other changes until ${until} because of ${execution}, and nobody waits for that any more: nothing was begun`,
    { device, hint: 'Run it again then.' },
  )
}

async function barredOf(
  app: ProjectStore,
  targets: readonly string[],
  own: string | undefined,
): Promise<readonly Barred[]> {
  const at = new Date(app.clock.now()).toISOString()
  const leases = await Promise.all(targets.map((name) => app.leases.leaseOf(name)))
  return leases.flatMap((lease) => {
    const until = barredUntil(lease, own, at, app.leases.quarantineSeconds)
    return lease === undefined || until === undefined
      ? []
      : [{ device: lease.device, execution: lease.execution, until }]
  })
}

/** Throws `busy`. */
export async function requireFree(app: ProjectStore & WordedHost, targets: readonly string[]): Promise<void> {
  for (const { id, hasActed } of await app.store.openExecutions()) {
    if (!hasActed) continue
    const state = await readState(app.store, id)
    const held = targets.filter(
      (name) => (state.devices.get(name)?.reached ?? 'nothing') !== 'nothing' && !state.networks.has(name),
    )
    if (held.length > 0) {
      throw new EosflowError('busy', `execution ${id} is not settled and holds ${held.join(', ')}`, {
        ...hinted(app, { code: 'resume', execution: id }),
      })
    }
  }
}
