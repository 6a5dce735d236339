import type { Clock } from '../../model/clock.ts'
import { restAfter } from './notice/patience.ts'

export interface DeliveryQueue {
  readonly name: string
  /** Throws what keeps it from taking more; the rest waits. */
  round(): Promise<number>
}

export interface DeliveryQueueHost {
  readonly clock: Clock
  readonly stop: AbortSignal
  /** How often the record is looked at for something to send, in milliseconds. */
  readonly every: number
  failed(what: string, error: unknown): void
}

export async function keepSending(
  queue: DeliveryQueue,
  { clock, stop, every, failed }: DeliveryQueueHost,
): Promise<void> {
  let failures = 0
  while (!stop.aborted) {
    try {
      await queue.round()
      failures = 0
    } catch (error) {
      failures += 1
      if (failures === 1) failed('outbox', error)
    }
    await clock.sleep(failures === 0 ? every : restAfter(failures), stop).catch(() => undefined)
  }
}
