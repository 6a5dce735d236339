import type { ConfigReading, Device, Fleet, Look } from '../../../eos/device/device.ts'
import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'

/** What a switch answered, and when it was asked on the clock that never jumps. */
export interface TimedAnswer<T> {
  readonly at: number
  readonly answer: T
}

/** Asks a switch, or gives the answer to whoever else asked at `since` or later. */
export type SharedLook<T> = (device: string, since: number) => Promise<TimedAnswer<T>>

export interface SharedLooks {
  readonly look: SharedLook<Look>
  readonly config: SharedLook<ConfigReading>
}

/**
 * Shares looks that ask these commands, and readings of the configuration, among those who do the same: `among` names what
 * they do, so that no look from before a commit answers for after it, however fast everything goes. `fleet` is nobody else's: a
 * switch that did not answer is asked over a new connection the next time.
 */
export function sharedLooks(fleet: Fleet, clock: Clock, commands: readonly Command[]): (among: string) => SharedLooks {
  const inTurn = oneAtATime(fleet)
  const look = shared(inTurn, clock, (device) => device.look(commands))
  const config = shared(inTurn, clock, (device) => device.readConfig())
  return (among) => ({ look: look(among), config: config(among) })
}

type InTurn = <T>(name: string, ask: (device: Device) => Promise<T>) => Promise<T>

// Asks each switch one thing after the other, so that no connection is renewed that somebody waits at.
function oneAtATime(fleet: Fleet): InTurn {
  const turns = new Map<string, Promise<unknown>>()
  const silent = new Set<string>()
  return (name, ask) => {
    const asked = (turns.get(name) ?? Promise.resolve()).then(async () => {
      const isAnew = silent.delete(name)
      try {
        return await ask(await (isAnew ? fleet.renew(name) : fleet.device(name)))
      } catch (error) {
        silent.add(name)
        throw error
      }
    })
    turns.set(
      name,
      asked.catch(() => undefined),
    )
    return asked
  }
}

function shared<T>(
  inTurn: InTurn,
  clock: Clock,
  ask: (device: Device) => Promise<T>,
): (among: string) => SharedLook<T> {
  const last = new Map<
    string,
    { readonly among: string; readonly at: number; readonly asked: Promise<TimedAnswer<T>> }
  >()
  return (among) => (device, since) => {
    const held = last.get(device)
    if (held !== undefined && held.among === among && held.at >= since) return held.asked
    const asked = inTurn(device, async (open) => {
      const at = clock.monotonic()
      return { at, answer: await ask(open) }
    })
    last.set(device, { among, at: clock.monotonic(), asked })
    asked.catch(() => {
      if (last.get(device)?.asked === asked) last.delete(device)
    })
    return asked
  }
}
