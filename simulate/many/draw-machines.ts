import { BARRIERS } from '../../src/change/record/event/record-schema.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import type { Random } from '../../src/model/clock.ts'
import type { Fixed, Planned, Scenario } from '../scenario.ts'
import { CALM_MACHINES, MACHINE_DISTURBANCES, type Machines, SITE_DISTURBANCES } from './machines.ts'

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
function machineDisturbancesOf(seed: number, atSites: boolean): readonly Planned[] {
  const random = new SeededRandom(seed ^ 0x3b67ae85)
  const count = [1, 1, 2, 3][Math.floor(random.fraction() * 4)] ?? 1
  return Array.from({ length: count }, () => planned(random, atSites))
}

/** Moments at which the parts of a change over two sites wait for each other, or one of them is lost. */
const BEHIND_AT_SITES = [
  ...BEHIND,
  'after SitesDivided',
  'before ExecutionStarted',
  'after ExecutionStarted',
  'before ApprovalUsed',
  'after ApprovalUsed',
  ...BARRIERS.flatMap((barrier) => [`before BarrierReached ${barrier}`, `after BarrierReached ${barrier}`]),
  ...BARRIERS.flatMap((barrier) => [`before BarrierDecided ${barrier}`, `after BarrierDecided ${barrier}`]),
  'before BarrierLeft confirm',
  'after BarrierLeft confirm',
  'before SiteEnded',
  'after SiteEnded',
]

/** What befalls such a change: also a site whose switches nobody reaches, a freeze between the sites, and a plan that is no longer true at one. */
const AT_SITES = [
  ...SITE_DISTURBANCES,
  ...(['outage', 'freeze', 'hand edit of the same line', 'reboot'] as const),
] as const

function planned(random: Random, atSites = false): Planned {
  const kinds = [
    ...MACHINE_DISTURBANCES,
    ...(['frozen owner', 'kill', 'unclean takeover'] as const),
    ...(atSites ? (['kill', ...AT_SITES] as const) : []),
  ]
  const moments = atSites ? BEHIND_AT_SITES : BEHIND
  const what = kinds[Math.floor(random.fraction() * kinds.length)] ?? 'kill'
  const behind = moments[Math.floor(random.fraction() * moments.length)] ?? 'wake'
  return { moment: 0, behind, what, which: Math.floor(random.fraction() * 12), draw: random.fraction() }
}

/** In every fourth history of many machines the change is over two sites. */
const isAtSites = (seed: number): boolean => seed % 4 === 2

/** The change of a scenario from many machines: what befalls those takes the place of what befalls people and switches. */
export function onMachines(scenario: Scenario, atSites: boolean = isAtSites(scenario.seed)): Fixed {
  const { seed, switches, weather } = scenario
  const few = switches.slice(0, 2)
  return {
    switches: few,
    waves: few.length === 2 && seed % 4 === 0 ? [1, 2] : [few.length],
    machines: machinesOf(seed),
    disturbances: machineDisturbancesOf(seed, atSites),
    weather: seed % 4 === 1 ? weather : { refused: 0, lost: 0, 'answer lost': 0, slow: 0, late: 0 },
    commits: 'alone',
    transport: 'eapi',
    purpose: 'run',
    rivalStore: 'same',
    faultsStop: 600,
    hasPast: false,
    ownerSession: seed % 3 === 0,
    ...(atSites ? atTwoSites(scenario) : {}),
  }
}

/**
 * A change of two or three switches over two sites. Nobody sits at a terminal of a worker: the plan is decided about later, and the decision wakes one
 * at once.
 */
export function atTwoSites({ switches, approving }: Pick<Scenario, 'switches' | 'approving'>): Fixed {
  const [first] = switches
  const eos = first?.eos ?? ''
  const many = Math.max(2, Math.min(3, switches.length))
  return {
    sites: true,
    switches: Array.from({ length: many }, (_, index) => switches[index] ?? { name: `sw${index + 1}`, eos }),
    waves: [many],
    atomic: 'change',
    maxFailures: 0,
    approving: approving === 'at once' || approving === 'too late' ? 'later' : approving,
    redrives: false,
    rollsBack: false,
  }
}
