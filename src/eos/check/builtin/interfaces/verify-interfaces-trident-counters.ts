import { z } from 'zod'
import { byName } from '../../answer/by-name.ts'
import { defineVerify } from '../../area/define-verify.ts'
import { aboveThreshold } from '../../finding/above-threshold.ts'
import { judgeInterfaces } from '../../input/interface-selection.ts'
import { count } from '../../input/numbers.ts'

/** The debug counters of the Trident chip stay below a threshold. */
export const verifyInterfacesTridentCounters = defineVerify({
  name: 'VerifyInterfacesTridentCounters',
  categories: ['hardware'],
  summary: 'Verifies the drop and error counters of the Trident chip for every interface.',
  docs: 'Passes when no drop or error counter of an interface is above the threshold. For the platforms with a Trident chip: 7050X, 7300X, 7358X, 7010TX, 750XP, 720 and 710.',
  example: { ignored_counters: ['nonCongestionDiscard', 'rxFpDrop', 'rxVlanDrop'], packet_drop_threshold: 0 },
  input: () =>
    z.strictObject({
      packet_drop_threshold: count().default(0).describe('How many packets a counter may count.'),
      ignored_counters: z.array(z.string()).nullish().describe('The counters to leave out.'),
    }),
  commands: () => [{ cmd: 'show platform trident counters', revision: 1 }],
  answers: () => {
    const counters = byName(z.number())
    return [z.object({ ethernet: byName(z.object({ count: z.object({ drop: counters, error: counters }) })) })]
  },
  judge: ({ packet_drop_threshold: threshold, ignored_counters }, [{ ethernet }]) =>
    judgeInterfaces({}, ethernet, (name, { count: { drop, error } }) => {
      const kinds = [
        ['Drop', drop],
        ['Error', error],
      ] as const
      return kinds.flatMap(([kind, counters]) =>
        [...counters].flatMap(([counter, value]) =>
          ignored_counters?.includes(counter)
            ? []
            : aboveThreshold(`Interface: ${name} - ${kind} counter ${counter}`, threshold, value),
        ),
      )
    }),
})
