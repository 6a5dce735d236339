import { EosflowError } from '../model/error.ts'
import type { NetworkReading } from '../model/network-reading.ts'
import type { TaskContext } from './context.ts'
import { requireIdentity } from './observe-switch.ts'
import { read } from './read.ts'

/** The first pause between two looks, in milliseconds; it doubles up to the longest. */
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 5_000
/** Of more differences than these the rest is counted. */
const MOST = 50

/**
 * Reads the state areas of a switch that was put back, by the login that reads, until they are as before the change or the time is over, and puts on
 * record what they are: a configuration that is back does not bring back a session that its neighbour has given up (docs/how-it-works.md). Sends
 * nothing that changes anything. Throws what ends its signal.
 */
export async function networkBehind(
  context: TaskContext<unknown>,
  name: string,
  { areas, withinSeconds }: { readonly areas: readonly string[]; readonly withinSeconds: number },
): Promise<void> {
  const { clock, signal, log } = context
  const begun = clock.monotonic()
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const found = await looked(context, name, areas)
    const after = Math.round((clock.monotonic() - begun) / 1000)
    if (found.network === 'same' || after >= withinSeconds) return log.network(name, { ...found, after })
    await clock.sleep(Math.min(pause, withinSeconds * 1000 - (clock.monotonic() - begun)), signal)
  }
}

async function looked(
  context: TaskContext<unknown>,
  name: string,
  among: readonly string[],
): Promise<Omit<NetworkReading, 'after'>> {
  const { change, checks, signal } = context
  let areas: readonly string[] = []
  const unknown = (because: string, found: Pick<NetworkReading, 'differences' | 'latched'> = NONE) =>
    ({ network: 'unknown', areas, ...found, because }) as const
  try {
    const before = await change.baseline(name)
    areas = checks.comparableAreas(before, among)
    if (areas.length === 0) return unknown('none of its areas was read before the change, or they only count')
    const { identity, replies } = await read(context, name, (device) => device.look(checks.areaCommands(areas)))
    await requireIdentity(context, name, identity)
    const { differences, latched, unread } = checks.lastingChanges(areas, before, checks.readAreas(areas, replies))
    const found = { differences: first(differences), latched: first(latched) }
    if (unread.length > 0) return unknown(unread.join('; '), found)
    return { network: differences.length === 0 ? 'same' : 'differs', areas, ...found }
  } catch (error) {
    // The switch is put back, and that is on record: whatever else goes wrong here must not keep the execution from its end.
    if (signal.aborted || (error instanceof EosflowError && error.kind === 'store')) throw error
    return unknown(error instanceof Error ? error.message : String(error))
  }
}

const NONE = { differences: [], latched: [] }

function first(lines: readonly string[]): readonly string[] {
  const more = lines.length - MOST
  return more > 0 ? [...lines.slice(0, MOST), `and ${more} more`] : lines
}
