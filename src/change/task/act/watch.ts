import { EosflowError } from '../../../model/error.ts'
import { unknownAreas } from './known-baseline.ts'
import type { LookContext } from './look-context.ts'
import type { Watch } from './verify-round.ts'

/**
 * What a switch is held against: its state before the change, and its neighbours. Throws `verification` where something is
 * compared that nobody knows, and `not-authorised` where a neighbour may no longer be read.
 */
export async function watchOf(
  context: Pick<LookContext, 'change' | 'checks' | 'neighbors'>,
  name: string,
  allowed?: number,
): Promise<Watch> {
  const { change, checks, neighbors: port } = context
  const baseline = await change.baseline(name)
  const unknown = unknownAreas(checks.compared?.areas ?? [], baseline)
  if (unknown.length > 0) {
    const message = `${name}: ${unknown.join('; ')}: it cannot be found unchanged`
    throw new EosflowError('verification', message, { device: name })
  }
  const neighbors = await change.watched(name)
  const [refused] = (await port.denied(neighbors.map(({ device }) => device))).values()
  if (refused !== undefined) throw refused
  const before = allowed === undefined ? undefined : await change.roundTrip(name)
  if (allowed !== undefined && before === undefined) {
    const message = `${name}: how long the way to the switch took before the change is not known`
    throw new EosflowError('verification', message, { device: name })
  }
  return {
    baseline,
    neighbors,
    latency: allowed === undefined || before === undefined ? undefined : { before, allowed },
  }
}
