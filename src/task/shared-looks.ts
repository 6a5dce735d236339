import type { Fleet } from '../device/transport.ts'
import type { Clock } from '../model/clock.ts'
import type { Command } from '../model/command.ts'
import type { TimedLook } from './context.ts'

/** Asks a switch, or gives the look that somebody else asked for at `since` or later. */
export type SharedLooks = (device: string, since: number) => Promise<TimedLook>

/** One look at a switch for everybody who wants one at the same time: a spine has many leaves. */
export function sharedLooks(fleet: Fleet, clock: Clock, commands: readonly Command[]): SharedLooks {
  const last = new Map<string, { readonly at: number; readonly looked: Promise<TimedLook> }>()
  return (device, since) => {
    const held = last.get(device)
    if (held !== undefined && held.at >= since) return held.looked
    const at = clock.monotonic()
    const looked = fleet.device(device).then(async (open) => ({ at, look: await open.look(commands) }))
    last.set(device, { at, looked })
    looked.catch(async () => {
      if (last.get(device)?.looked === looked) last.delete(device)
    })
    return looked
  }
}
