import { z } from 'zod'
import {
  type Answer,
  byName,
  enabledWord,
  isNothing,
  MissingMember,
  mismatch,
  needed,
  type OutputOf,
  partly,
  show,
  told,
} from '../../answer/show.ts'
import { defineVerify, type Judgement } from '../../define/define-check.ts'
import { flag, integer, interfaceName, ipv4, someOf, vrf, word } from '../../input/words.ts'

const ISIS_NOT_CONFIGURED: Judgement = { status: 'skip', reason: 'IS-IS not configured' }

// A level of IS-IS (ISO 10589): 1 within an area, 2 between areas.
const isisLevel = () => z.literal([1, 2]).default(2)

/** One adjacency segment as a catalog names it (RFC 8667, section 2.2). */
export const isisSegment = () =>
  z.strictObject({
    interface: interfaceName().describe('Interface of the adjacency.'),
    level: isisLevel().describe('Level of the adjacency.'),
    sid_origin: z
      .enum(['dynamic', 'configured'])
      .default('dynamic')
      .describe('Where its segment identifier comes from.'),
    address: ipv4().describe('IPv4 address of the neighbor.'),
  })

/** One instance of IS-IS as a catalog names it. Which of the fields a check judges depends on the check. */
export const isisInstance = () =>
  z.strictObject({
    name: word().describe('Name of the instance.'),
    vrf: vrf().describe('VRF of the instance.'),
    dataplane: z.enum(['MPLS', 'mpls', 'unset']).default('MPLS').describe('Data plane of segment routing.'),
    segments: z.array(isisSegment()).nullish().describe('Adjacency segments.'),
    graceful_restart: flag('Whether the instance restarts gracefully.'),
    graceful_restart_helper: flag('Whether the instance helps its neighbors to.', true),
  })

/** Instances of the VRF `default`, which is all that segment routing knows. */
export function instancesOfDefault<I extends z.ZodType<NamedInstance>>(instance: I) {
  return z.array(instance.refine((one) => one.vrf === 'default', { error: '`vrf` must be `default`' })).min(1)
}

/** An answer that keys what it tells by VRF and instance. */
export function byInstance<T extends z.ZodType>(instance: T) {
  return z.object({ vrfs: byName(partly({ isisInstances: byName(instance) })) })
}

interface InstanceAnswer<T> {
  readonly vrfs: ReadonlyMap<string, { readonly isisInstances?: ReadonlyMap<string, T> | undefined }>
}

interface NamedInstance {
  readonly name: string
  readonly vrf: string
}

/**
 * Judges instances one by one. `faultsOf` is given undefined for an instance that the switch does not know, and the name
 * that messages begin with. A switch without IS-IS is skipped.
 */
export function judgeInstances<I extends NamedInstance, T>(
  instances: readonly I[],
  answer: InstanceAnswer<T>,
  faultsOf: (actual: T | undefined, instance: I, name: string) => readonly string[],
): Judgement {
  if (answer.vrfs.size === 0) return ISIS_NOT_CONFIGURED
  return instances.flatMap((instance) => {
    const { name, vrf: inVrf } = instance
    return faultsOf(answer.vrfs.get(inVrf)?.isisInstances?.get(name), instance, `Instance: ${name} VRF: ${inVrf}`)
  })
}

// How IS-IS runs on an interface (ANTA documentation).
const isisMode = () => z.enum(['point-to-point', 'broadcast', 'passive'])

// Which of the fields that may be absent is demanded depends on the check.
const isisInterface = () =>
  z.strictObject({
    name: interfaceName().describe('Name of the interface.'),
    vrf: vrf().describe('VRF of the interface.'),
    level: isisLevel().describe('Level of IS-IS on the interface.'),
    count: integer().nullish().describe('How many neighbors there must be.'),
    mode: isisMode().nullish().describe('How IS-IS must run on it.'),
  })

const level = () => z.looseObject({ passive: z.boolean(), numAdjacencies: z.number() }).partial()

const isisInterfaceTold = () => z.looseObject({ interfaceType: z.string(), intfLevels: byName(level()) }).partial()

// What `show isis interface brief vrf all` tells, by VRF, instance, interface and level.
const SHOW_ISIS_INTERFACE_BRIEF = show('show isis interface brief vrf all', () =>
  byInstance(partly({ interfaces: byName(isisInterfaceTold()) })),
)

type ToldIsisInterface = OutputOf<typeof isisInterfaceTold>

interface NamedInterface {
  readonly name: string
  readonly vrf: string
  readonly level: 1 | 2
}

function judgeIsisInterfaces<I extends NamedInterface, T extends object>(
  interfaces: readonly I[],
  answer: Answer<typeof SHOW_ISIS_INTERFACE_BRIEF>,
  pick: (told: ToldIsisInterface, wanted: I) => T | undefined,
  faultsOf: (actual: T, wanted: I) => readonly string[],
): Judgement {
  if (answer.vrfs.size === 0) return ISIS_NOT_CONFIGURED
  return interfaces.flatMap((wanted) => {
    const instances = [...(answer.vrfs.get(wanted.vrf)?.isisInstances?.values() ?? [])]
    const [actual] = instances.flatMap(({ interfaces: told }) => {
      const one = told?.get(wanted.name)
      const picked = one === undefined ? undefined : pick(one, wanted)
      return isNothing(picked) ? [] : [picked]
    })
    const faults = actual === undefined ? ['Not configured'] : faultsOf(actual, wanted)
    return faults.map((fault) => `Interface: ${wanted.name} VRF: ${wanted.vrf} Level: ${wanted.level} - ${fault}`)
  })
}

/** IS-IS restarts gracefully, and helps its neighbors to, as it should. */
export const VerifyISISGracefulRestart = defineVerify({
  summary: 'Verifies graceful restart of IS-IS and its helper (RFC 8706).',
  docs:
    'Passes when graceful restart and its helper are enabled or disabled in each instance as its inputs say. Fails for each ' +
    'instance that is not configured, and each of the two that differs. Skipped where IS-IS is not configured.',
  example: {
    instances: [
      { name: '1', vrf: 'default', graceful_restart: true, graceful_restart_helper: false },
      { name: '2', vrf: 'default' },
      { name: '11', vrf: 'PROD', graceful_restart: true },
    ],
  },
  input: () => ({ instances: someOf(isisInstance(), 'The instances.') }),
  asks: show('show isis graceful-restart vrf all', () =>
    byInstance(partly({ gracefulRestart: z.string(), gracefulRestartHelper: z.string() })),
  ),
  judge: (answer, { instances }) =>
    judgeInstances(instances, answer, (actual, { graceful_restart, graceful_restart_helper }, name) => {
      if (actual === undefined) return [`${name} - Not configured`]
      const { gracefulRestart, gracefulRestartHelper } = actual
      return [
        ...mismatch(
          `${name} - Incorrect graceful restart state`,
          enabledWord(graceful_restart),
          gracefulRestart,
          'None',
        ),
        ...mismatch(
          `${name} - Incorrect graceful restart helper state`,
          enabledWord(graceful_restart_helper),
          gracefulRestartHelper,
          'None',
        ),
      ]
    }),
})

/** IS-IS runs on interfaces in the given modes. */
export const VerifyISISInterfaceMode = defineVerify({
  summary: 'Verifies in which mode IS-IS runs on interfaces: point-to-point, broadcast or passive.',
  docs:
    'Passes when each interface is of the given type, or passive on its level where that is asked for. Fails for each that ' +
    'IS-IS does not run on, and each in another mode. Skipped where IS-IS is not configured.',
  example: {
    interfaces: [
      { name: 'Loopback0', mode: 'passive' },
      { name: 'Ethernet2', mode: 'passive', level: 2 },
      { name: 'Ethernet1', mode: 'point-to-point', vrf: 'PROD' },
    ],
  },
  input: () => ({
    interfaces: someOf(
      isisInterface().extend({ mode: isisMode().describe('How IS-IS must run on it.') }),
      'The interfaces and their modes.',
    ),
  }),
  asks: SHOW_ISIS_INTERFACE_BRIEF,
  judge: (answer, { interfaces }) =>
    judgeIsisInterfaces(
      interfaces,
      answer,
      (told) => told,
      ({ intfLevels, interfaceType }, { mode, level }) => {
        if (mode !== 'passive') return mismatch('Incorrect interface mode', mode, interfaceType, 'unset')
        return intfLevels?.get(String(level))?.passive === true ? [] : ['Not running in passive mode']
      },
    ),
})

/** Interfaces have the given number of IS-IS neighbors. */
export const VerifyISISNeighborCount = defineVerify({
  summary: 'Verifies how many IS-IS neighbors there are on interfaces, level by level.',
  docs:
    'Passes when each interface has the given number of neighbors on its level. Fails for each that IS-IS does not run on, ' +
    'and each with another number. Skipped where IS-IS is not configured.',
  example: {
    interfaces: [
      { name: 'Ethernet1', level: 1, count: 2 },
      { name: 'Ethernet2', level: 2, count: 1 },
      { name: 'Ethernet3', count: 2 },
    ],
  },
  input: () => ({
    interfaces: someOf(
      isisInterface().extend({ count: integer().describe('How many neighbors there must be.') }),
      'The interfaces and their numbers of neighbors.',
    ),
  }),
  asks: SHOW_ISIS_INTERFACE_BRIEF,
  judge: (answer, { interfaces }) =>
    judgeIsisInterfaces(
      interfaces,
      answer,
      ({ intfLevels }, { level }) => intfLevels?.get(String(level)),
      // Nobody is a neighbor on a passive interface.
      (on, { count }) =>
        needed(on, 'passive') ? [] : mismatch('Neighbor count mismatch', count, needed(on, 'numAdjacencies')),
    ),
})

const neighborsAnswer = () =>
  z.object({
    vrfs: byName(
      told({
        isisInstances: byName(
          told({
            neighbors: byName(told({ adjacencies: z.array(told({ interfaceName: z.string(), state: z.string() })) })),
          }),
        ),
      }),
    ),
  })

/** All IS-IS adjacencies are up. */
export const VerifyISISNeighborState = defineVerify({
  summary: 'Verifies that all IS-IS adjacencies are up.',
  docs:
    'Passes when every adjacency of the default VRF is up, or of all VRFs with `check_all_vrfs`. Fails for each that is ' +
    'not. Skipped where IS-IS is not configured, and where it has no neighbor.',
  example: { check_all_vrfs: true },
  input: () => ({
    check_all_vrfs: flag('Whether to judge all VRFs, and not only `default`.'),
  }),
  asks: show('show isis neighbors vrf all', neighborsAnswer),
  judge: ({ vrfs }, { check_all_vrfs }) => {
    if (vrfs.size === 0) return ISIS_NOT_CONFIGURED
    const own = vrfs.get('default')
    if (!check_all_vrfs && own === undefined) throw new MissingMember(vrfs, 'default')
    const looked = check_all_vrfs || own === undefined ? vrfs : new Map([['default', own]])
    const neighbors = [...looked].flatMap(([vrf, { isisInstances }]) =>
      [...isisInstances].flatMap(([instance, told]) =>
        [...told.neighbors.values()].map((neighbor) => ({ vrf, instance, neighbor })),
      ),
    )
    if (neighbors.length === 0) return { status: 'skip', reason: 'No IS-IS neighbor detected' }
    const adjacencies = neighbors.flatMap(({ neighbor, ...at }) =>
      neighbor.adjacencies.map((adjacency) => ({ ...at, adjacency })),
    )
    if (adjacencies.length === 0) return { status: 'error', reason: 'the answer has no adjacency' }
    return adjacencies.flatMap(({ vrf, instance, adjacency }) =>
      adjacency.state === 'up'
        ? []
        : mismatch(
            `Instance: ${instance} VRF: ${vrf} Interface: ${adjacency.interfaceName} - Incorrect adjacency state`,
            'up',
            adjacency.state,
          ),
    )
  },
})
