import type { Device } from '../../eos/device/device.ts'
import { isOwnerGone, ownerProof } from '../../eos/device/owner-proof.ts'
import type { Act, ActDetail } from '../../model/act.ts'

export type Send = <T>(kind: Act, detail: ActDetail, verb: (device: Device) => Promise<T>) => Promise<T>

const TIMER = 120

/**
 * Why owner sessions are not heeded by a lab switch; undefined where they are: an empty config session stays, also while another one is committed under
 * a timer and aborted, and while a checkpoint is restored; a request that shows it is carried out, and one that shows a session that was
 * aborted, or never was, does nothing.
 */
export async function whyNoOwner(send: Send, device: Device, checkpoint: string): Promise<string | undefined> {
  const [own, never] = [`${checkpoint}-own1`, `${checkpoint}-own2`]
  const [beside, late] = [`${checkpoint}-4`, `${checkpoint}-5`]
  await send('hold', { session: own }, (one) => one.hold(own))
  await send('stage', { session: beside, checkpoint }, (one) =>
    one.heldBy(own).stage({ session: beside, mode: 'merge', commands: [], checkpoint }),
  )
  await send('arm', { session: beside, seconds: TIMER, held: own }, (one) => one.heldBy(own).arm(beside, TIMER))
  await send('abort', { session: beside }, (one) => one.abort(beside))
  await send('restore', { session: beside, checkpoint, held: own }, (one) => one.heldBy(own).restore(checkpoint))
  const [shown] = await device.print([ownerProof(own)])
  if (shown?.ok !== true) return 'an empty config session does not stay beside a commit that is aborted'
  await send('release', { session: own }, (one) => one.abort(own))
  for (const session of [own, never]) {
    const stage = send('stage', { session: late, held: session }, (one) =>
      one.heldBy(session).stage({ session: late, mode: 'merge', commands: [], checkpoint }),
    )
    const error = await stage.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (error !== undefined && !isOwnerGone(error, session)) throw error
    const { sessions } = await device.look([])
    if (error === undefined || sessions.sessions[late] !== undefined)
      return 'a request that shows a config session which is gone is carried out all the same'
  }
  return undefined
}
