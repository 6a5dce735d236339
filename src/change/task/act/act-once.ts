import type { Device } from '../../../eos/device/device.ts'
import type { DeviceHistory } from '../../../eos/device/history.ts'
import type { Act, ActDetail } from '../../../model/act.ts'
import { EosflowError, errorRecord } from '../../../model/error.ts'
import type { ActLog, TaskContext } from './context.ts'

/** What goes with an act, as its detail has it; absent where nothing was seen. */
export function overwriting(lines: readonly string[]): Pick<ActDetail, 'overwrites'> {
  return lines.length === 0 ? {} : { overwrites: lines }
}

export type KeptTexts = Pick<DeviceHistory, 'base' | 'target' | 'startup' | 'replaced'> & Pick<ActDetail, 'overwrites'>

export type ActOnceContext = Pick<TaskContext<unknown>, 'fleet'> & {
  readonly log: Pick<ActLog, 'intended' | 'finished'>
}

export type ActResult<T> = { readonly outcome: 'done'; readonly result: T } | { readonly outcome: 'unknown' }

/** Does one act to a switch, once: the intent is durable before it is sent, the outcome before anything else happens. A lost answer comes back as `unknown`, and the caller asks the switch; a refusal is thrown. */
export async function actOnce<T>(
  context: ActOnceContext,
  name: string,
  kind: Act,
  detail: ActDetail,
  send: (device: Device) => Promise<T>,
  keep: (result: T) => Promise<KeptTexts> = async () => ({}),
): Promise<ActResult<T>> {
  const device = await context.fleet.device(name)
  const patience = device.patience === undefined ? {} : { patience: device.patience }
  await context.log.intended(name, kind, { ...detail, ...patience })
  let result: T
  try {
    result = await send(device)
  } catch (error) {
    const lost = error instanceof EosflowError && (error.kind === 'lost-answer' || error.kind === 'protocol')
    const outcome = lost ? 'unknown' : 'refused'
    await context.log.finished(name, kind, { session: detail.session, outcome, error: errorRecord(error) })
    if (lost) return { outcome: 'unknown' }
    throw error
  }
  await context.log.finished(name, kind, { session: detail.session, outcome: 'done', ...(await keep(result)) })
  return { outcome: 'done', result }
}
