import { EosflowError, messageOf } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import type { NetworkReading } from '../../../model/network-reading.ts'
import { read } from './act.ts'
import type { TaskContext } from './context.ts'
import { requireIdentity } from './observe-switch.ts'

// The first pause between two looks, in milliseconds; it doubles up to the longest.
const FIRST_PAUSE = 1_000
const LONGEST_PAUSE = 5_000
// For how long the network must be as before, in milliseconds: a session that comes up may go down again by what it brings.
const STEADY = 3_000
const MOST = 50

type Found = Omit<NetworkReading, 'after'>

interface Look {
  readonly found: Found
  readonly isSettled: boolean
}

/** Reads the state areas of a switch that was put back, by the login that reads, until they are as at the plan and stay so, or the time is over, and puts on record what they are: a configuration that is back does not bring back a session that its neighbour has given up (docs/workflow.md). Throws what ends its signal. */
export async function networkBehind(
  context: TaskContext<unknown>,
  name: string,
  { areas, withinSeconds }: { readonly areas: readonly string[]; readonly withinSeconds: number },
): Promise<void> {
  const { clock, signal, log } = context
  const begun = clock.monotonic()
  const left = () => withinSeconds * 1000 - (clock.monotonic() - begun)
  let since: number | undefined
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const { found, isSettled } = await inTime(context, looked(context, name, areas), Math.max(left(), FIRST_PAUSE))
    const now = clock.monotonic()
    since = isSettled ? (since ?? now) : undefined
    const isSteady = since !== undefined && now - since >= STEADY
    if (isSteady || left() <= 0) {
      const after = Math.round((now - begun) / 1000)
      const isBrief = !isSteady && found.network === 'same'
      return log.network(name, { ...found, ...(isBrief ? BRIEF : {}), after })
    }
    await clock.sleep(Math.min(pause, Math.max(left(), 1)), signal)
  }
}

const BRIEF = { network: 'unknown', because: 'it was as before for a moment only, and the time was over' } as const

// What is found, or that nothing was heard in so many milliseconds.
async function inTime(
  { clock, signal }: Pick<TaskContext<unknown>, 'clock' | 'signal'>,
  look: Promise<Look>,
  milliseconds: number,
): Promise<Look> {
  if (signal.aborted) throw signal.reason
  const over = new AbortController()
  const end = () => over.abort()
  signal.addEventListener('abort', end)
  const silence = clock.sleep(milliseconds, over.signal).then((): Look => {
    const because = `it has not answered within ${Math.round(milliseconds / 1000)} s`
    return { found: { network: 'unknown', areas: [], ...NONE, because }, isSettled: false }
  })
  try {
    return await Promise.race([look, silence])
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw error
  } finally {
    signal.removeEventListener('abort', end)
    over.abort()
    silence.catch(() => undefined)
    look.catch(() => undefined)
  }
}

async function looked(context: TaskContext<unknown>, name: string, among: readonly string[]): Promise<Look> {
  const { change, checks, signal } = context
  let areas: readonly string[] = []
  const unknown = (
    because: string,
    isSettled = false,
    found: Pick<Found, 'differences' | 'latched' | 'more'> = NONE,
  ): Look => ({
    found: { network: 'unknown', areas, ...found, because },
    isSettled,
  })
  try {
    const before = await change.baseline(name)
    const untold = among.filter((area) => isUntold(before[area]))
    areas = among.filter((area) => before[area] !== undefined && !untold.includes(area))
    const why = untold.length === 0 ? [] : [`${untold.join(', ')} could not be read before the change`]
    if (areas.length === 0) return unknown(why[0] ?? 'none of its areas was read before the change', true)
    const commands = checks.areaCommands(areas)
    const at = context.clock.monotonic()
    const look = await read(context, name, (device) => device.look(commands))
    const { identity, replies } = look
    await requireIdentity(context, name, identity)
    context.saw?.({ device: name, at, look, commands, baseline: before })
    const { differences, latched, unread } = checks.lastingChanges(areas, before, checks.readAreas(areas, replies))
    const found = { ...first(differences), latched: latched.slice(0, MOST) }
    const isSettled = differences.length + unread.length === 0
    if (unread.length + why.length > 0) return unknown([...why, ...unread].join('; '), isSettled, found)
    return { found: { network: isSettled ? 'same' : 'differs', areas, ...found }, isSettled }
  } catch (error) {
    // The switch is put back, and that is on record: whatever else goes wrong here must not keep the execution from its end.
    if (signal.aborted || (error instanceof EosflowError && error.kind === 'store')) throw error
    return unknown(messageOf(error))
  }
}

const NONE = { differences: [], latched: [] }

function isUntold(area: Json | undefined) {
  return isJsonObject(area) && typeof area.unreadable === 'string'
}

function first(lines: readonly string[]): Pick<Found, 'differences' | 'more'> {
  const more = lines.length - MOST
  return more > 0 ? { differences: lines.slice(0, MOST), more } : { differences: lines }
}
