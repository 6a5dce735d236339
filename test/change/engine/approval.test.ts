import { expect, test } from 'vitest'
import type { KeptPlan } from '../../../src/change/engine/change.ts'
import { approvalPort } from '../../../src/change/engine/change-tasks.ts'
import { foldAll } from '../../../src/change/engine/fold.ts'
import type { Ledger } from '../../../src/change/engine/ledger.ts'
import type { ChangePorts } from '../../../src/change/engine/ports.ts'
import type { ApprovalRefusal } from '../../../src/change/policy/approval-case.ts'
import type { EventBody } from '../../../src/change/record/event/event.ts'
import { partOf } from '../../lab/part-of.ts'
import { journalled, started } from './machine.ts'

const stateAfter = (...events: EventBody[]) =>
  foldAll('20261120-000000-00c0ffee', journalled(started(['leaf1']), ...events))
const plan: EventBody = { type: 'StateEntered', path: '', state: 'Plan' }

test.each<[ApprovalRefusal['status'], boolean]>([
  ['rejected', true],
  ['tampered', true],
  ['stale', true],
  ['missing', false],
  ['expired', false],
])(
  'an approval that is %s ends the wait at once: %s; nobody is asked for another word then',
  async (status, isFinal) => {
    const appended: string[] = []
    let asked = 0
    const port = approvalPort(
      {
        approvals: {
          judge: async () => ({ status, condition: 'c', reason: 'why' }),
          ask: async () => {
            asked += 1
            return 'nobody'
          },
        },
      } as unknown as ChangePorts,
      {
        state: stateAfter(plan),
        append: async ({ type }: EventBody) => void appended.push(type),
      } as unknown as Ledger,
      partOf<KeptPlan>({ get: async () => ({ digest: 'sha256:aa', content: { devices: [] } }) }),
    )
    const ended = await port.obtain(new AbortController().signal).catch((error: Error) => error.message)
    expect([asked, appended[0]]).toEqual(isFinal ? [0, 'ApprovalInvalidated'] : [1, 'ApprovalRequested'])
    expect(ended).toBe(status === 'missing' ? 'waiting' : 'why')
  },
)
