import type { Alterations } from '../../simulate/controller.ts'
import type { Planned } from '../../simulate/scenario.ts'
import type { AskFence } from '../../src/model/fence.ts'
import type { Mutant } from './altering.ts'

const ALWAYS = { isFresh: true, isOver: false, requireFresh: () => undefined } as const

/** Replaces the fences of every connection. */
const fences = (change: (ask: AskFence) => AskFence): Alterations => ({
  transport: (transport) => ({
    connect: (target, credential, fence) => transport.connect(target, credential, change(fence)),
  }),
})

/** Frozen for three quarters of a minute behind a moment; another controller takes the execution over meanwhile. For longer nothing would be asked for any more. */
const frozenBehind = (behind: string): Planned => ({
  moment: 0,
  behind,
  what: 'frozen controller',
  which: 0,
  draw: 0.25,
})

/** Mutants of the fence, let loose on histories in which a controller is frozen before its question, or behind the answer. */
export const FENCE_MUTANTS: readonly Mutant[] = [
  {
    name: 'the fence is not awaited',
    rows: [18],
    caughtBy: ['I13', 'I15', 'I18'],
    fixed: { disturbances: [frozenBehind('after ActIntended arm')] },
    make: () =>
      fences((ask) => async () => {
        ask().catch(() => undefined)
        return ALWAYS
      }),
  },
  {
    name: 'the age of the fence is not judged',
    rows: [18],
    caughtBy: ['I13', 'I15', 'I18'],
    fixed: { disturbances: [frozenBehind('fenced 3')] },
    make: () =>
      fences((ask) => async () => {
        await ask()
        return ALWAYS
      }),
  },
]
