import type { ACTS, WAYS } from './copies/older-terms.ts'
import type { MachineDisturbance, Machines } from './many/machines.ts'
import type { Verb } from './verbs.ts'

/** What is drawn to befall a history at one of its moments. */
export const DRAWN = [
  'kill',
  'second controller',
  'rival execution',
  'stop',
  'hand edit beside',
  'hand edit of the same line',
  'hand edit in a request',
  'hand save',
  'hand save in a request',
  'hand removes the change',
  'foreign session',
  'foreign controller',
  'foreign timer',
  'reboot',
  'outage',
  'impostor',
  'full disk',
  'clock forward',
  'clock back',
  'wrong answer',
  'wrong error',
  'error line',
  'list lags',
  'replay fails',
  'replay leaves out',
  'line warning',
  'empty block',
  'no startup-config',
  'slow save',
  'no new login',
] as const
/** Everything that befalls histories: what is drawn, and what every sixteenth seed has besides. */
export const DISTURBANCES = [
  ...DRAWN,
  'frozen controller',
  'suspend',
  'unclean takeover',
  'freeze',
  'copy of the store',
  'gone for good',
  'decision',
  'hand makes the change',
] as const
/**
 * What a test aims, and no seed draws: the next request of a switch that takes effect is lost, or the answer to it is, or its commit is refused; the controller is
 * killed, and taken up at once, or when every commit timer is over.
 */
export const AIMED = [
  'request lost next',
  'answer lost next',
  'commit refused',
  'killed and resumed at once',
  'killed past the timer',
] as const
/** One of them. */
export type Disturbance = (typeof DISTURBANCES)[number] | (typeof AIMED)[number] | MachineDisturbance

/** What becomes of a request on its way. */
export const FATES = ['refused', 'lost', 'answer lost', 'slow', 'late'] as const
/** One of them; what arrives in time and is answered has none. */
export type Fate = (typeof FATES)[number]

/** How the plan of a history comes by its approval. */
export const APPROVALS = ['at once', 'later', 'too late', 'rejected', 'never'] as const
/** One of them. */
export type Approving = (typeof APPROVALS)[number]

/** A disturbance, and the moment at which it strikes: moments are counted from the beginning of the history. */
export interface Planned {
  readonly moment: number
  /** Instead of a number: behind the first moment of this kind, as `sent arm`. */
  readonly behind?: string
  readonly what: Disturbance
  /** Which switch or controller, a number to be taken modulo. */
  readonly which: number
  /** A number in [0, 1) for whatever else there is to choose. */
  readonly draw: number
}

/** What becomes of a copy of the store of a history: somebody goes on with it when the record that was copied is done, or nobody comes back to that. */
export interface OlderTerms {
  readonly way: (typeof WAYS)[number]
  readonly act: (typeof ACTS)[number]
  /** Seconds until somebody goes on with it. */
  readonly pause: number
  /** What befalls the switches before that. */
  readonly before: readonly Planned[]
  /** What befalls whoever goes on with it. */
  readonly meanwhile: readonly Planned[]
  /** How its plan comes by an approval there. */
  readonly approving: Approving
}

/** One history, as its seed draws it. */
export interface Scenario {
  readonly seed: number
  readonly switches: readonly { readonly name: string; readonly eos: string }[]
  readonly waves: readonly number[]
  /** What is confirmed together, and how many switches may fail. */
  readonly atomic: 'change' | 'wave' | 'device'
  readonly maxFailures: 0 | 1
  readonly transport: 'eapi' | 'ssh'
  /** Whether appends that come in together are written in one transaction. */
  readonly commits: 'alone' | 'together'
  readonly purpose: 'run' | 'plan'
  /** Whether the change shuts the port over which its switch is managed, and whether connections outlive that. */
  readonly cuts: boolean
  readonly keepsConnections: boolean
  readonly approving: Approving
  /** Seconds for which an approval holds. */
  readonly expires: number
  /** How probable each fate of a request is, until the faults stop. */
  readonly weather: Readonly<Record<Fate, number>>
  /** The first request of this kind arrives when everybody has given it up. */
  readonly late?: Verb
  readonly disturbances: readonly Planned[]
  /** Seconds after which nothing is disturbed any more. */
  readonly faultsStop: number
  /** Whether somebody starts it again where it has failed, and takes it back where it has succeeded. */
  readonly redrives: boolean
  readonly rollsBack: boolean
  /** Whether timed commits are sent under the configure lock. */
  readonly locks: boolean
  /** Whether each process that changes a switch keeps an owner session there. */
  readonly ownerSession: boolean
  /** Whether earlier changes have left their checkpoints on the switches: the seed says so, nothing is drawn for it. */
  readonly hasPast: boolean
  /** The rival execution writes to a store of its own. */
  readonly rivalStore: 'same' | 'other'
  /** Whether every second switch is of another site, and the change is made at both together. Only with several machines. */
  readonly sites: boolean
  /** So many switches may be under change at once, in all executions of a store; the rival changes a switch of its own then. Absent: any number. */
  readonly budget?: number
  /** Whether the first two switches back each other up, and are changed together. Absent: no two do. */
  readonly pairs?: 'together'
  /** From several machines over one store behind a network. Absent: from one. */
  readonly machines?: Machines
  /** What becomes of a copy of the store that is made meanwhile. Absent: none is. */
  readonly copy?: OlderTerms
}

/** What is wanted of a history besides its seed. */
export interface Wanted extends Fixed {
  /** Whether it is driven from many machines, as the seed draws them. */
  readonly many?: boolean
  /** Whether its store is copied or backed up, and the older record is gone on with. Absent: as the seed says. */
  readonly copies?: boolean
  /** Whether a budget of switches under change holds for it and for a rival in the same store. */
  readonly budgets?: boolean
  /** Something that befalls it besides what is drawn. */
  readonly besides?: Disturbance
}

/** Whatever a seed may be told to be instead of drawing it. */
export type Fixed = Partial<Omit<Scenario, 'seed'>>

/** No request is struck. */
export const CALM: Scenario['weather'] = { refused: 0, lost: 0, 'answer lost': 0, slow: 0, late: 0 }

/** What a history is, in the words in which a tally counts it. */
export function whatIsDrawn({
  transport,
  commits,
  approving,
  cuts,
  purpose,
  atomic,
  machines,
  ownerSession,
  sites,
  copy,
}: Scenario): readonly string[] {
  const change = cuts ? ['a change that cuts the management'] : []
  return [
    `over ${transport}`,
    `commits ${commits}`,
    `approval ${approving}`,
    `purpose ${purpose}`,
    `atomic ${atomic}`,
    ...change,
    ...(ownerSession ? ['owner sessions'] : []),
    ...(sites ? ['two sites'] : []),
    ...(copy === undefined ? [] : [`a store that is ${copy.way}`, `an older record: ${copy.act}`]),
    ...(machines === undefined || machines.skew === 0 ? [] : ['clock off']),
  ]
}
