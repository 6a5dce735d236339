import { SeededRandom } from '../src/lab/trial/seeded-random.ts'
import type { Random } from '../src/model/clock.ts'
import { hasCopy, withCopy } from './copies/draw-copy.ts'
import { onMachines } from './many/draw-machines.ts'
import { APPROVALS, CALM, type Disturbance, DRAWN, type Planned, type Scenario, type Wanted } from './scenario.ts'

const VERSIONS = ['4.31.4M', '4.32.2F'] as const

/** Draws the history of a seed. */
export function scenarioOf(
  seed: number,
  { besides, many = false, copies, budgets = false, ...fixed }: Wanted = {},
): Scenario {
  const random = new SeededRandom(seed)
  const below = (count: number): number => Math.floor(random.fraction() * count)
  const chance = (probability: number): boolean => random.fraction() < probability
  const count = [1, 1, 1, 2, 2, 3, 4][below(7)] ?? 1
  const switches = Array.from({ length: count }, (_, index) => ({
    name: `sw${index + 1}`,
    eos: VERSIONS[below(2)] ?? '',
  }))
  const drawn: Scenario = {
    seed,
    hasPast: seed % 8 === 6,
    switches,
    waves: [[1], [1, 2], [count]][below(3)] ?? [1],
    transport: chance(1 / 16) ? 'ssh' : 'eapi',
    commits: chance(1 / 16) ? 'together' : 'alone',
    purpose: chance(1 / 20) ? 'plan' : 'run',
    cuts: chance(1 / 12),
    keepsConnections: chance(1 / 2),
    approving: chance(0.7) ? 'at once' : (APPROVALS[below(APPROVALS.length)] ?? 'at once'),
    expires: chance(0.7) ? 3600 : 60,
    weather: weatherOf(random),
    disturbances: [
      ...disturbancesOf(random, count, besides),
      ...frozenIn(seed),
      ...suspendedIn(seed),
      ...takenOverIn(seed),
      ...freezeIn(seed),
    ],
    faultsStop: [120, 600, 1500][below(3)] ?? 600,
    rivalStore: chance(1 / 2) || isTakenOver(seed) || isFrozen(seed) ? 'same' : 'other',
    locks: chance(1 / 3),
    ownerSession: false,
    sites: false,
    redrives: chance(1 / 4),
    rollsBack: chance(1 / 4),
    ...unitOf(random),
  }
  return { ...drawn, ...besideOf(drawn, { many, copies, budgets, sites: fixed.sites }), ...fixed }
}

/** What a history has besides what is drawn for every one. */
function besideOf(
  drawn: Scenario,
  { many, copies, budgets, sites }: Readonly<Record<'many' | 'copies' | 'budgets' | 'sites', boolean | undefined>>,
): Partial<Scenario> {
  const isCopied = copies ?? (many !== true && hasCopy(drawn.seed))
  return {
    ...(isCopied ? withCopy(drawn) : {}),
    ...(many === true ? onMachines(drawn, sites) : {}),
    ...(budgets === true ? underBudget(drawn) : {}),
  }
}

/** What a history has besides where a budget holds: a switch that only a rival changes, in the same store, while as many are under change as may be. */
function underBudget({ seed, switches, atomic, disturbances }: Scenario): Partial<Scenario> {
  const random = new SeededRandom(seed ^ 0x1f83d9ab)
  const moment = Math.floor(random.fraction() * MOMENTS * switches.length)
  return {
    purpose: 'run',
    rivalStore: 'same',
    hasPast: false,
    switches: [...switches, { name: `sw${switches.length + 1}`, eos: '4.32.2F' }],
    budget: atomic === 'change' ? switches.length : 1,
    disturbances: [...disturbances, { moment, what: 'rival execution', which: 0, draw: random.fraction() }],
  }
}

function unitOf(random: Random): Pick<Scenario, 'atomic' | 'maxFailures'> {
  const atomic = (['change', 'change', 'wave', 'device'] as const)[Math.floor(random.fraction() * 4)] ?? 'change'
  return { atomic, maxFailures: atomic !== 'change' && random.fraction() < 0.5 ? 1 : 0 }
}

function weatherOf(random: Random): Scenario['weather'] {
  const severity = [0, 0, 0.01, 0.05, 0.15][Math.floor(random.fraction() * 5)] ?? 0
  if (severity === 0) return CALM
  const share = (): number => severity * random.fraction()
  return { refused: share(), lost: share(), 'answer lost': share(), slow: share() / 4, late: share() / 8 }
}

/** The moments of an undisturbed history of one switch; each further switch brings as many. */
const MOMENTS = 140

function disturbancesOf(random: Random, switches: number, besides: Disturbance | undefined): readonly Planned[] {
  const count = [0, 1, 1, 2, 2, 3, 4, 5][Math.floor(random.fraction() * 8)] ?? 0
  const kills = [0, 0, 1, 1, 2, 3][Math.floor(random.fraction() * 6)] ?? 0
  const planned = (what: Disturbance): Planned => ({
    moment: Math.floor(random.fraction() ** 0.75 * MOMENTS * (0.5 + switches)),
    what,
    which: Math.floor(random.fraction() * 12),
    draw: random.fraction(),
  })
  const others = Array.from({ length: count }, () =>
    planned(DRAWN[1 + Math.floor(random.fraction() * (DRAWN.length - 1))] ?? 'kill'),
  )
  const killed = Array.from({ length: kills }, () => planned('kill'))
  const wanted = besides === undefined ? [] : [planned(besides)]
  return [...others, ...killed, ...wanted].sort((a, b) => a.moment - b.moment)
}

/** In every sixteenth history a controller is frozen at the worst moment: the store has said that it has the switch, and nothing has left yet. */
function frozenIn(seed: number): readonly Planned[] {
  if (seed % 16 !== 11) return []
  const random = new SeededRandom(seed ^ 0x3c6ef372)
  const behind = `fenced ${1 + Math.floor(random.fraction() * 7)}`
  return [{ moment: 0, behind, what: 'frozen controller', which: 0, draw: random.fraction() }]
}

/** Around the commit of a switch, where a rest would be gravest, and where an execution only reads or waits. */
const SUSPENDED_BEHIND = [
  'after StateEntered',
  'after TaskStarted',
  'heard look',
  'wake',
  'after ActIntended stage',
  'heard stage',
  'before ActIntended arm',
  'after ActIntended arm',
  'sent arm',
  'done arm',
  'after ActFinished arm',
  'after VerdictGiven',
  'after ActIntended confirm',
  'heard confirm',
  'sent save',
  'after ActFinished save',
] as const

/** In every sixteenth history somebody has the execution rest; it is taken up again later. */
function suspendedIn(seed: number): readonly Planned[] {
  if (seed % 16 !== 3) return []
  const random = new SeededRandom(seed ^ 0x7f4a7c15)
  const behind = SUSPENDED_BEHIND[Math.floor(random.fraction() * SUSPENDED_BEHIND.length)] ?? 'wake'
  return [{ moment: 0, behind, what: 'suspend', which: 0, draw: random.fraction() }]
}

/** Around the first timed commit, and where an execution begins, waits or is taken up. */
const FREEZE_BEHIND = [
  'after StateEntered',
  'after TaskScheduled',
  'wake',
  'heard plan',
  'after TaskStarted',
  'heard stage',
  'before ActIntended arm',
  'after ActIntended arm',
  'done arm',
  'after ActFinished arm',
  'after VerdictGiven',
  'after ActIntended confirm',
  'after ExecutionResumed',
] as const

const isFrozen = (seed: number): boolean => seed % 16 === 15

/** In every sixteenth history somebody freezes, for some minutes. */
function freezeIn(seed: number): readonly Planned[] {
  if (!isFrozen(seed)) return []
  const random = new SeededRandom(seed ^ 0x510e527f)
  const behind = FREEZE_BEHIND[Math.floor(random.fraction() * FREEZE_BEHIND.length)] ?? 'wake'
  return [{ moment: 0, behind, what: 'freeze', which: 0, draw: random.fraction() }]
}

/** Requests behind which a process dies before it has heard the answer. */
const TAKEN_OVER_BEHIND = [
  'sent stage',
  'sent arm',
  'done arm',
  'sent confirm',
  'done confirm',
  'sent save',
  'done save',
]

const isTakenOver = (seed: number): boolean => seed % 16 === 7

/**
 * In every sixteenth history a process dies between a request and its answer, another one takes over within a second, and somebody else wants
 * the switch; in half of them the execution is stopped at once, so that the switch is soon free.
 */
function takenOverIn(seed: number): readonly Planned[] {
  if (!isTakenOver(seed)) return []
  const random = new SeededRandom(seed ^ 0x1f83d9ab)
  const behind = TAKEN_OVER_BEHIND[Math.floor(random.fraction() * TAKEN_OVER_BEHIND.length)] ?? 'sent arm'
  const taken: Planned = { moment: 0, behind, what: 'unclean takeover', which: 0, draw: random.fraction() }
  const stop: Planned = { moment: 0, behind: 'after ExecutionResumed', what: 'stop', which: 0, draw: 0 }
  return random.fraction() < 0.5 ? [taken, stop] : [taken]
}
