import type { Random } from '../../src/model/random.ts'
import { SeededRandom } from '../../src/trial/seeded-random.ts'
import type { Fixed, Planned, Scenario } from '../scenario.ts'

/** What becomes of an append on its way. `late`: it is written after its process was told that nobody knows. */
export const APPEND_FATES = ['commit lost', 'answer of a commit lost', 'commit late'] as const
/** One of them. */
export type AppendFate = (typeof APPEND_FATES)[number]

/** What becomes of an activation, the word to some worker that it drives an execution. */
export const ACTIVATION_FATES = ['activation twice', 'activation late', 'activation lost'] as const
/** One of them. */
export type ActivationFate = (typeof ACTIVATION_FATES)[number]

/** What befalls many machines besides. */
export const MACHINE_DISTURBANCES = ['store away', 'owner cut off', 'frozen owner', 'stop word'] as const
/** One of them. */
export type MachineDisturbance = (typeof MACHINE_DISTURBANCES)[number]

/** How executions are driven from several machines over one store behind a network. All times in milliseconds. */
export interface Machines {
  /** How often a process says that it lives, and after which silence it is taken for dead. */
  readonly beat: number
  readonly ttl: number
  readonly quarantineSeconds: number
  /** The longest way of a question to the store, and of its answer back. */
  readonly latency: number
  /** How probable each is, until the faults stop. */
  readonly appends: Readonly<Record<AppendFate, number>>
  readonly activations: Readonly<Record<ActivationFate, number>>
  /** By how much the clock of a machine may be off. */
  readonly skew: number
}

/** What must be met by many histories of many machines. */
export const MET_BY_MACHINES: readonly string[] = [
  ...MACHINE_DISTURBANCES,
  ...APPEND_FATES,
  ...ACTIVATION_FATES,
  'clock off',
  'declared dead',
  'taken over',
  'claim refused',
  'stopped itself',
  'death not proven',
  'found its own write',
  'sent the same bytes again',
  'swept',
  'stop word on takeover',
]

/** Moments of an owner behind which it is worst to lose it, or the store. */
const BEHIND = [
  'after ExecutionResumed',
  'before ActIntended stage',
  'sent stage',
  'heard stage',
  'before ActIntended arm',
  'after ActIntended arm',
  'sent arm',
  'done arm',
  'heard arm',
  'before ActFinished arm',
  'after ActFinished arm',
  'after VerdictGiven',
  'before ActIntended confirm',
  'after ActIntended confirm',
  'sent confirm',
  'done confirm',
  'after ActFinished confirm',
  'before ActIntended save',
  'after ActIntended save',
  'sent save',
  'before ExecutionEnded',
  'fenced 2',
  'fenced 3',
  'fenced 4',
  'fenced 5',
  'wake',
  'after CompensationStarted',
  'before ActIntended abort',
] as const

const NONE = { 'commit lost': 0, 'answer of a commit lost': 0, 'commit late': 0 }
/** A store that answers, and activations that arrive. */
export const CALM_MACHINES: Machines = {
  beat: 2_000,
  ttl: 10_000,
  quarantineSeconds: 180,
  latency: 3,
  appends: NONE,
  activations: { 'activation twice': 0, 'activation late': 0, 'activation lost': 0 },
  skew: 0,
}

/** Draws how the machines of a seed are. */
function machinesOf(seed: number): Machines {
  const random = new SeededRandom(seed ^ 0x6a09e667)
  const severity = [0, 0.01, 0.03, 0.08][Math.floor(random.fraction() * 4)] ?? 0
  const share = (): number => severity * random.fraction()
  const often = (): number => 0.25 * random.fraction()
  return {
    ...CALM_MACHINES,
    latency: [3, 20, 150, 600][Math.floor(random.fraction() * 4)] ?? 3,
    appends: { 'commit lost': share(), 'answer of a commit lost': share(), 'commit late': share() },
    activations: { 'activation twice': often(), 'activation late': often(), 'activation lost': often() },
    skew: random.fraction() < 0.7 ? 5_000 : 0,
  }
}

/** What befalls the machines of a seed, each behind a moment: one to three. */
function machineDisturbancesOf(seed: number): readonly Planned[] {
  const random = new SeededRandom(seed ^ 0x3b67ae85)
  const count = [1, 1, 2, 3][Math.floor(random.fraction() * 4)] ?? 1
  return Array.from({ length: count }, () => planned(random))
}

function planned(random: Random): Planned {
  const kinds = [...MACHINE_DISTURBANCES, 'frozen owner', 'kill', 'unclean takeover'] as const
  const what = kinds[Math.floor(random.fraction() * kinds.length)] ?? 'kill'
  const behind = BEHIND[Math.floor(random.fraction() * BEHIND.length)] ?? 'wake'
  return { moment: 0, behind, what, which: Math.floor(random.fraction() * 12), draw: random.fraction() }
}

/** The change of a scenario from many machines: what befalls those takes the place of what befalls people and switches. */
export function onMachines({ seed, switches, weather }: Scenario): Fixed {
  const few = switches.slice(0, 2)
  return {
    switches: few,
    waves: few.length === 2 && seed % 4 === 0 ? [1, 2] : [few.length],
    machines: machinesOf(seed),
    disturbances: machineDisturbancesOf(seed),
    weather: seed % 4 === 1 ? weather : { refused: 0, lost: 0, 'answer lost': 0, slow: 0, late: 0 },
    store: 'memory',
    transport: 'eapi',
    purpose: 'run',
    rivalStore: 'same',
    faultsStop: 600,
    hasPast: false,
  }
}
