import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { converge } from '../../../src/eos/sim/converge/converge.ts'
import type { NetworkState } from '../../../src/eos/sim/converge/network-state.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { rehearse, rememberedConverge, type Stage } from '../../../src/lab/rehearse/rehearse.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { readFabricFolder } from '../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import type { RehearsedCell } from '../../../src/report/rehearsal/rehearsal.ts'
import { DC1 } from '../checkout.ts'

describe('the lanes of a rehearsal', () => {
  const cell = (index: number): RehearsedCell => ({
    kind: `${index}`,
    says: '',
    at: { point: 'arm', device: 'sw1' },
    end: 'AFTER',
    ok: true,
    exit: 0,
    seconds: 1,
    faults: [],
    switches: [],
  })
  const stage: Stage = {
    trials: 7,
    tryOut: async (index) => cell(index),
    of: (cells) => ({
      workflow: 'w',
      fabric: 'f',
      devices: [],
      seed: 1,
      undisturbed: { records: 0, seconds: 0 },
      cells,
    }),
  }

  test('share the trials: each is made once, and they are read in their order', async () => {
    const made: string[] = []
    const lane = (name: string, milliseconds: number) => async (index: number) => {
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      made.push(`${name}${index}`)
      return cell(index)
    }
    const told: number[] = []
    const watch = { stop: new AbortController().signal, progress: (done: number) => void told.push(done) }
    const { cells } = await rehearse(stage, [lane('slow', 12), lane('fast', 1)], watch)
    expect(cells.map(({ kind }) => kind)).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    expect(made.map((one) => one.at(-1)).toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    expect(new Set(made.map((one) => one.slice(0, 4)))).toEqual(new Set(['slow', 'fast']))
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  test('stop when they are asked to', async () => {
    const stop = new AbortController()
    const watch = { stop: stop.signal, progress: (done: number) => done === 2 && stop.abort() }
    await expect(rehearse(stage, [stage.tryOut], watch)).rejects.toMatchObject({ kind: 'cancelled' })
  })

  test('throw what ends one of them', async () => {
    const watch = { stop: new AbortController().signal, progress: () => undefined }
    const broken = (): Promise<RehearsedCell> => Promise.reject(new Error('the thread is gone'))
    await expect(rehearse(stage, [stage.tryOut, broken], watch)).rejects.toThrow('the thread is gone')
  })
})

describe('the remembered state of a network', () => {
  const read = readFabricFolder(DC1)
  if (!read.ok) throw new Error('the fabric cannot be read')
  const fabric = read.value
  const text = (state: NetworkState) => inspect(state.switches, { depth: 5, maxArrayLength: 50, maxStringLength: 200 })
  const started = (compute: typeof converge) => {
    const computed: string[] = []
    const clock = new VirtualClock()
    const simulation = new SimulatedFabric(fabric, {
      clock,
      random: new SeededRandom(),
      converge: (...given) => {
        const state = compute(...given)
        computed.push(text(state))
        return state
      },
    })
    const look = () => void simulation.network.context(simulation.get('leaf1').device).state
    const edit = (device: string, ...lines: string[]) => {
      simulation.fault({ device, kind: 'hand-edit', lines })
      look()
    }
    look()
    edit('leaf1', 'interface Ethernet1', 'shutdown')
    edit('leaf1', 'interface Ethernet1', 'no shutdown')
    simulation.fault({ device: 'spine1', kind: 'link-down', port: 'Ethernet1/1' })
    look()
    return computed
  }

  test('is what is computed anew, for every fabric that begins alike, with faults and without', {
    tags: ['long', 'turn'],
  }, () => {
    const remembered = rememberedConverge()
    const plain = started(converge)
    expect(plain).toHaveLength(4)
    expect(new Set(plain).size).toBe(3)
    expect(started(remembered)).toEqual(plain)
    expect(started(remembered)).toEqual(plain)
  })
})
