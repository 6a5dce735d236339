import type { ConfigReading, Device, Look } from '../device/device.ts'
import type { Fleet } from '../device/transport.ts'
import type { Clock } from '../model/clock.ts'
import type { Command } from '../model/command.ts'

/** What a switch answered, and when it was asked on the clock that never jumps. */
export interface Timed<T> {
  readonly at: number
  readonly answer: T
}

/** Asks a switch, or gives the answer to whoever else asked at `since` or later. */
export type Shared<T> = (device: string, since: number) => Promise<Timed<T>>

/** What is read once of a switch for everybody who wants it at the same time: a spine has many leaves. */
export interface SharedLooks {
  readonly look: Shared<Look>
  readonly config: Shared<ConfigReading>
}

/**
 * Shares looks that ask these commands, and readings of the configuration, among those who do the same: `among` names what
 * they do, so that no look from before a commit answers for after it, however fast everything goes.
 */
export function sharedLooks(fleet: Fleet, clock: Clock, commands: readonly Command[]): (among: string) => SharedLooks {
  const look = shared(fleet, clock, (device) => device.look(commands))
  const config = shared(fleet, clock, (device) => device.readConfig())
  return (among) => ({ look: look(among), config: config(among) })
}

function shared<T>(fleet: Fleet, clock: Clock, ask: (device: Device) => Promise<T>): (among: string) => Shared<T> {
  const last = new Map<string, { readonly among: string; readonly at: number; readonly asked: Promise<Timed<T>> }>()
  return (among) => (device, since) => {
    const held = last.get(device)
    if (held !== undefined && held.among === among && held.at >= since) return held.asked
    const at = clock.monotonic()
    const asked = fleet.device(device).then(async (open) => ({ at, answer: await ask(open) }))
    last.set(device, { among, at, asked })
    asked.catch(() => {
      if (last.get(device)?.asked === asked) last.delete(device)
    })
    return asked
  }
}
