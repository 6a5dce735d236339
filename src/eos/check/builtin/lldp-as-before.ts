import { z } from 'zod'
import { passUnless } from '../../../model/error.ts'
import { type LldpState, lldpArea } from '../area/lldp.ts'
import { defineCheck } from '../define/define-check.ts'

/** The cabling is what it was: every neighbour is still heard on the port that heard it before. */
export const lldpAsBefore = defineCheck({
  name: 'lldp-as-before',
  summary: 'Every LLDP neighbour of before is still heard on the same port.',
  docs:
    'Compares `show lldp neighbors` with the state area `lldp` of the snapshot, which it needs. A neighbour that is lost, ' +
    'or that is now heard on another port, fails; a new one is only said. LLDP keeps a lost neighbour for up to two ' +
    'minutes, so give the verification a soak of that length where this is the check that counts.',
  input: z.strictObject({}),
  needs: 'lldp',
  commands: () => lldpArea.commands,

  judge(_input, replies, context) {
    const now = lldpArea.now(replies)
    if (!now.ok) return { status: 'error', reason: now.error }
    const before = lldpArea.before(context)
    if (!before.ok) return { status: 'error', reason: before.error }
    const expected = heard(before.state)
    const actual = heard(now.state)
    if (expected.length === 0) return { status: 'skip', reason: 'LLDP heard no neighbour before the change' }
    const lost = expected.filter((one) => !actual.some((other) => isSame(one, other)))
    const added = actual.filter((one) => !expected.some((other) => isSame(one, other)))
    return passUnless(
      lost.map((one) => `${one.on} - expected: ${end(one)}, actual: ${found(one, now.state, actual)}`),
      [`${expected.length} as before`, ...added.map((one) => `new on ${one.on}: ${end(one)}`)],
    )
  },
})

interface Heard {
  readonly on: string
  readonly device: string
  readonly port: string
}

const heard = (state: LldpState): readonly Heard[] =>
  Object.entries(state).flatMap(([on, neighbours]) => neighbours.map((neighbour) => ({ on, ...neighbour })))

const isEnd = (a: Heard, b: Heard) => a.device === b.device && a.port === b.port
const isSame = (a: Heard, b: Heard) => a.on === b.on && isEnd(a, b)
const end = ({ device, port }: Heard) => `${device} ${port}`

function found(lost: Heard, now: LldpState, actual: readonly Heard[]) {
  const here = Object.hasOwn(now, lost.on) ? (now[lost.on] ?? []) : []
  const instead = here.length === 0 ? 'no neighbour' : here.map(({ device, port }) => `${device} ${port}`).join(', ')
  const elsewhere = actual.find((one) => isEnd(one, lost))
  return elsewhere === undefined ? instead : `${instead} (it is now on ${elsewhere.on})`
}
