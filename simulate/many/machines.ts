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
/** What befalls a change over several sites besides: somebody has one of its parts stop, as `stop --all` does. */
export const SITE_DISTURBANCES = ['stop of a site'] as const
/** One of them. */
export type MachineDisturbance = (typeof MACHINE_DISTURBANCES)[number] | (typeof SITE_DISTURBANCES)[number]

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
  'owner sessions',
  'declared dead',
  'taken over',
  'claim refused',
  'stopped itself',
  'death not proven',
  'found its own write',
  'sent the same bytes again',
  'swept',
  'stop word on takeover',
  ...SITE_DISTURBANCES,
  'two sites',
  'release of confirm',
  'site left',
  'sites put back',
]

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
