import type { DeviceIdentity } from '../../../eos/device/device.ts'
import { EosflowError } from '../../../model/error.ts'
import type { TaskContext } from './context.ts'
import { requireIdentity } from './observe-switch.ts'

/**
 * Throws `wrong-device` unless the switch is the one that was planned, and `stale` when it runs another EOS than the plan shows, or is
 * another model: what was computed and approved holds for that one. Throws `guard` where its EOS is too old, which a plan that was made without
 * the switch does not know.
 */
export async function requirePlannedSwitch(
  context: TaskContext<unknown>,
  name: string,
  found: DeviceIdentity,
): Promise<void> {
  await requireIdentity(context, name, found)
  context.change.requireEos(name, found.eos)
  const { identity } = await context.change.planned(name)
  if (found.eos === identity.eos && found.model === identity.model) return
  const message = `${name}: it is ${found.model} with EOS ${found.eos}; the plan was made for ${identity.model} with EOS ${identity.eos}`
  throw new EosflowError('stale', message, { device: name, hint: 'Plan again and have the new plan approved.' })
}
