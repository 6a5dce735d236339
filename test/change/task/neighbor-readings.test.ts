import { expect, test } from 'vitest'
import type { TaskContext } from '../../../src/change/task/act/context.ts'
import { readNeighbors } from '../../../src/change/task/act/snapshot-of.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { partOf } from '../../lab/part-of.ts'

/** A switch that hears these neighbours. */
const hearing = (...devices: readonly string[]) =>
  ({ identity: { serial: 'A' }, state: { lldp: { Ethernet1: devices.map((device) => ({ device })) } } }) as never

/** The neighbours of leaf1, which hears leaf2 or spine1; another switch than those of the execution fails so. */
function neighbors(own: Parameters<typeof readNeighbors>[1], compared: object | undefined, failure?: Error) {
  const context = partOf<TaskContext<unknown>>({
    neighbors: { named: (heard: string) => heard, denied: async () => new Map() },
    isLeftOut: () => false,
    checks: { compared, commands: [], areaCommands: () => [] },
    fleet: {
      device: async () => {
        throw failure
      },
    },
  })
  return readNeighbors(context, own, { limit: 8, areas: ['lldp'] })
}

const PAIR = [
  ['leaf1', hearing('leaf2')],
  ['leaf2', hearing()],
] as const

test('a neighbour that changes as well is watched only where something is compared with the state before', async () => {
  expect(await neighbors(PAIR, undefined)).toEqual([])
  expect(await neighbors(PAIR, { places: [3] })).toEqual([
    {
      device: 'leaf2',
      of: ['leaf1'],
      found: { identity: { serial: 'A' }, state: { lldp: { Ethernet1: [] } }, good: [3] },
    },
  ])
})

test('what a neighbour says against its reading is told with what to do; what is no answer of it is left as it is', async () => {
  const own = [['leaf1', hearing('spine1')]] as const
  await expect(neighbors(own, undefined, new EosflowError('refused', 'no'))).rejects.toMatchObject({
    kind: 'refused',
    message: 'spine1, a neighbour that is to be watched: no',
  })
  const bug = new TypeError('x is not a function')
  await expect(neighbors(own, undefined, bug)).rejects.toBe(bug)
})
