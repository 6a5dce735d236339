import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { partly, recordOf, show } from '../answer/show.ts'
import { namesIn, place, type StateChange, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, inOrder, unlessEmpty } from './define-area.ts'

const counts = () => recordOf(z.number()).default({})

// `show interfaces`: the counters of ports and port-channels (docs/eos.md 6.2; recorded on 4.15, 4.23 and 4.36).
const INTERFACES = show('show interfaces', () => ({
  interfaces: recordOf(
    partly({
      interfaceCounters: z.object({
        totalInErrors: z.number().default(0),
        totalOutErrors: z.number().default(0),
        inDiscards: z.number().default(0),
        outDiscards: z.number().default(0),
        inputErrorsDetail: counts(),
        outputErrorsDetail: counts(),
      }),
    }),
  ),
}))

const state = () => recordOf(recordOf(z.number()))

const NO_ERRORS: ReadonlySet<string> = new Set(['rxPause', 'txPause', 'deferredTransmissions'])

const PARTS = {
  inErrors: ['fcsErrors', 'alignmentErrors', 'symbolErrors', 'runtFrames', 'giantFrames'],
  outErrors: ['collisions', 'lateCollisions'],
} as const

export const errorsArea = defineArea({
  name: 'errors',
  docs: 'The error and discard counters of every port that have risen: fcsErrors, symbolErrors, inErrors, inDiscards, …',
  asks: [INTERFACES],
  state,
  tolerances: { '*': { by: 0 } },
  tell: ([reply]) =>
    eachOf(answerOf(reply, INTERFACES).interfaces, ({ interfaceCounters }) => {
      if (interfaceCounters === undefined) return undefined
      const { totalInErrors, totalOutErrors, inDiscards, outDiscards, ...details } = interfaceCounters
      const counted = { ...details.inputErrorsDetail, ...details.outputErrorsDetail }
      const totals = { inErrors: totalInErrors, outErrors: totalOutErrors, inDiscards, outDiscards }
      const counters = Object.entries({ ...counted, ...totals }).filter(
        ([counter, count]) => count > 0 && !NO_ERRORS.has(counter),
      )
      return unlessEmpty(inOrder(counters))
    }),
  describe: (before, after) =>
    namesIn(after).flatMap((port) => {
      const [was, is] = [ownMember(before, port) ?? {}, ownMember(after, port) ?? {}]
      const thing = { subject: port, label: `errors on ${port}` }
      const risen = namesIn(is).flatMap((counter) =>
        rise(thing, counter, ownMember(was, counter) ?? 0, is[counter] ?? 0),
      )
      const names = risen.map(({ attribute }) => attribute)
      const explained = (total: keyof typeof PARTS) => PARTS[total].some((part) => names.includes(part))
      return risen.filter(({ attribute }) => {
        if (attribute === 'inErrors' || attribute === 'outErrors') return !explained(attribute)
        return true
      })
    }),
})

// A counter that is lower than before was cleared in between: what it shows has all come since.
function rise(thing: Thing, counter: string, was: number, is: number): readonly StateChange[] {
  if (is === was) return []
  const cleared = is < was
  const said = cleared ? `${is} since the counters were cleared` : `${was} -> ${is}`
  const change = { ...place(thing), kind: 'changed', attribute: counter } as const
  return [{ ...change, was: cleared ? 0 : was, is, text: `${thing.label}, ${counter}: ${said}` }]
}
