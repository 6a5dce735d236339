import { wasCommitted } from '../../eos/device/history.ts'
import { EosflowError } from '../../model/error.ts'
import { togetherIn } from '../plan/pairs.ts'
import type { PairPoint } from '../task/act/before-push.ts'
import { isConcerned } from './evaluate-map.ts'
import type { KeptPlan } from './kept-plan.ts'
import type { Ledger } from './ledger.ts'

/**
 * Lets the two switches of a pair that the plan changes together wait for each other right before their timed commits, and right before their confirms. Nobody waits for
 * one that is past that point, and nobody for one that changes no more. A sibling that fails aborts whoever waits.
 */
export function pairMeetings(
  ledger: Ledger,
  kept: KeptPlan,
): (device: string, point: PairPoint, signal: AbortSignal) => Promise<boolean> {
  const waiting = new Map<string, () => void>()
  return async (device, point, signal) => {
    const partner = togetherIn((await kept.get()).content.pairs ?? [])
      .find((pair) => pair.includes(device))
      ?.find((name) => name !== device)
    if (partner === undefined) return false
    if (isPast(ledger, partner, point)) return true
    const other = waiting.get(`${point} ${partner}`)
    if (other !== undefined) {
      other()
      return true
    }
    const key = `${point} ${device}`
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        waiting.delete(key)
        const message = `${device}: not ${DONE[point]}: the execution stops before ${partner}, which goes together with it, is as far`
        reject(new EosflowError('cancelled', message, { device }))
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      waiting.set(key, () => {
        waiting.delete(key)
        signal.removeEventListener('abort', abort)
        resolve()
      })
    })
    return true
  }
}

const DONE: Readonly<Record<PairPoint, string>> = { arm: 'committed', confirm: 'confirmed' }

/** Whether a switch has been committed, or its confirm has been sent, or it changes no more. */
function isPast({ state }: Ledger, device: string, point: PairPoint): boolean {
  const history = state.devices.get(device)
  if (!isConcerned(state, device) || state.leftOut.has(device)) return true
  return point === 'arm' ? wasCommitted(history) : wasCommitted(history) && history?.phase !== 'armed'
}
