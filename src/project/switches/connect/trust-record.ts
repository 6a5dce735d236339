import { isUnproven } from '../../../change/inventory/transports.ts'
import type { EventBody } from '../../../change/record/event/event.ts'
import type { Transport } from '../../../eos/device/transport.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import type { SilentCaller } from '../../identity/caller.ts'

export type TrustRecord = (
  event: Extract<EventBody, { readonly type: 'InsecureAllowed' | 'HostTrusted' }>,
) => Promise<unknown>

export function trustRecord({ store }: Pick<ProjectStore, 'store'>, { principal }: SilentCaller): TrustRecord {
  return (event) => store.as(principal).append(undefined, [event])
}

/** Puts on record, before the first connection to it, each switch whose certificate nobody checks: what cannot be recorded is not done. */
export function recordInsecure(transport: Transport, record: TrustRecord | undefined): Transport {
  if (record === undefined) return transport
  const recorded = new Map<string, Promise<unknown>>()
  return {
    connect: async (target, credential, fence) => {
      const { name, transport: over } = target
      if (isUnproven(target)) {
        const first = recorded.get(name) ?? record({ type: 'InsecureAllowed', device: name, transport: over })
        recorded.set(name, first)
        await first
      }
      return transport.connect(target, credential, fence)
    },
  }
}
