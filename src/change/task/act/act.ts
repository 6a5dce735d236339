import type { Device } from '../../../eos/device/device.ts'
import { isOwnerGone } from '../../../eos/device/owner-proof.ts'
import type { Act, ActDetail } from '../../../model/act.ts'
import { type ActResult, actOnce, type KeptTexts } from './act-once.ts'
import type { TaskContext } from './context.ts'
import { heldFor, leadsOn } from './owner-session.ts'

/** Does one act to a switch, as {@link actOnce} does; where the execution keeps owner sessions there, under that of this process (ADR 84). Nobody has taken over then, because the outcome came onto the record: a new one is opened. */
export async function act<T>(
  context: TaskContext<unknown>,
  name: string,
  kind: Act,
  detail: ActDetail,
  send: (device: Device) => Promise<T>,
  keep?: (result: T) => Promise<KeptTexts>,
): Promise<ActResult<T>> {
  const under = (held: string | undefined) =>
    held === undefined
      ? actOnce(context, name, kind, detail, send, keep)
      : actOnce(context, name, kind, { ...detail, held }, (device) => send(device.heldBy(held)), keep)
  const held = await heldFor(context, name, { kind, detail })
  try {
    return await under(held)
  } catch (error) {
    if (held === undefined || leadsOn(kind) || !isOwnerGone(error, held)) throw error
    return under(await heldFor(context, name, { kind, detail, gone: held }))
  }
}
