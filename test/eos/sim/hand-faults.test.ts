import { describe, expect, test } from 'vitest'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { linesOf } from '../../table.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { CONFIG, simulate } from './simulate.ts'

const VLAN = { kind: 'hand-edit', lines: ['vlan 20'] } as const
const COMMIT = 'configure session a commit timer 00:05:00'

/** A session that holds one line. */
async function prepared() {
  const simulated = simulate()
  await simulated.json('configure session a', 'interface Ethernet2', 'description new')
  return simulated
}

/** What a request of three commands read before and behind the middle one. */
async function readAround(fault: Parameters<ReturnType<typeof simulate>['fault']>[0]) {
  const { fault: set, call } = simulate()
  set(fault)
  const { result } = await call({
    cmds: linesOf(`
      enable
      show running-config
      show hostname
      show running-config
      show running-config
    `),
    format: 'text',
  })
  return [1, 3, 4].map((at) => String(result?.[at]?.output).includes('\nvlan 20\n'))
}

describe('a colleague who types', () => {
  test.each([
    [{ command: '^show hostname$' }, [false, true, true]],
    [{ command: '^show hostname$', side: 'behind' }, [false, true, true]],
    [{ command: '^show running-config$' }, [true, true, true]],
    [{ command: '^show running-config$', side: 'behind' }, [false, true, true]],
    [{ command: '^show running-config$', nth: 2 }, [false, true, true]],
    [{ command: '^show running-config$', nth: 2, side: 'behind' }, [false, false, true]],
    [{ command: '^show running-config$', nth: 4 }, [false, false, false]],
  ] as const)('between two commands of one request: %j', async (moment, seen) => {
    expect(await readAround({ ...VLAN, ...moment })).toEqual(seen)
  })

  test('between the reading and the commit of one request the commit takes the line away', async () => {
    const { call, fault, text } = await prepared()
    fault({ ...VLAN, command: '^show running-config$', side: 'behind' })
    const { result } = await call({ cmds: ['enable', 'show running-config', COMMIT], format: 'text' })
    expect(String(result?.[1]?.output)).toBe(CONFIG)
    expect(await text('show running-config')).not.toContain('\nvlan 20\n')
    expect(await text('show configuration sessions detail')).toContain('pendingCommitTimer')
    await text('configure session a abort')
    expect(await text('show running-config')).toContain('\nvlan 20\n')
  })

  test('behind the commit the line stays until the switch puts itself back', async () => {
    const { json, fault, text } = await prepared()
    fault({ ...VLAN, command: 'commit timer', side: 'behind' })
    await json(COMMIT)
    expect(await text('show running-config')).toContain('\nvlan 20\n')
    await json('configure session a abort')
    expect(await text('show running-config')).toBe(CONFIG)
  })

  test('while it is armed, seconds after the timed commit; a plain commit does not count', async () => {
    const { json, fault, clock, text } = await prepared()
    fault({ ...VLAN, on: 'armed', after: 30 })
    await json('configure session b', 'vlan 30', 'commit')
    await clock.advance(60_000)
    expect(await text('show running-config')).toContain('\nvlan 30\n')
    await json(COMMIT)
    await clock.advance(29_000)
    expect(await text('show running-config')).not.toContain('\nvlan 20\n')
    await clock.advance(1_000)
    expect(await text('show running-config')).toContain('\nvlan 20\n')
  })

  test('nobody can type under the configure lock: the line comes behind it', async () => {
    const { call, fault, text, device } = await prepared()
    fault({ ...VLAN, command: '^show running-config$', side: 'behind' })
    const { result } = await call({
      cmds: ['enable', 'configure lock', 'show running-config', COMMIT, 'show running-config'],
      format: 'text',
    })
    expect(String(result?.[4]?.output)).not.toContain('\nvlan 20\n')
    expect(await text('show running-config')).toContain('\nvlan 20\n')
    expect(device.faults.list()).toEqual([])
  })

  test('over SSH a typed line is a command, and a colleague beside a live config mode is kept', async () => {
    const simulated = simulate()
    const terminal = openTerminal(simulated)
    simulated.fault({ ...VLAN, command: '^name', side: 'behind' })
    await terminal.lines('configure', 'vlan 10', 'name STAFF', 'exit', 'vlan 30', 'end')
    const running = await simulated.text('show running-config')
    expect([running.includes('name STAFF'), running.includes('\nvlan 20,30\n')]).toEqual([true, true])
  })
})

describe('a colleague who saves', () => {
  test.each([
    ['at once', {}, false],
    ['behind a commit', { on: 'commit' }, true],
    ['while it is armed', { on: 'armed', after: 60 }, true],
    ['between the reading and the commit', { command: '^show running-config$', side: 'behind' }, false],
    ['before the commit', { on: 'before-commit' }, false],
  ] as const)('%s: startup-config is what ran then', async (_name, moment, holds) => {
    const { call, fault, clock, device } = await prepared()
    await call({ cmds: ['enable', 'configure', 'vlan 40'] })
    fault({ kind: 'hand-save', ...moment })
    await call({ cmds: ['enable', 'show running-config', COMMIT] })
    await clock.advance(60_000)
    device.settle()
    const startup = JSON.stringify(device.startup)
    expect([startup.includes('description new'), startup.includes('vlan 40'), device.faults.list()]).toEqual([
      holds,
      !holds,
      [],
    ])
  })
})

describe('a block that the switch adds', () => {
  test.each([
    ['behind a commit', { on: 'commit' }],
    ['seconds after one', { on: 'armed', after: 10 }],
    ['after seconds', { after: 10 }],
  ] as const)('%s, and nobody is logged', async (_name, moment) => {
    const { json, fault, clock, text } = await prepared()
    fault({ kind: 'block-appears', block: 'interface Ethernet48/2', ...moment })
    expect(await text('show running-config')).not.toContain('Ethernet48/2')
    await json(COMMIT)
    await clock.advance(10_000)
    expect(await text('show running-config')).toContain('!\ninterface Ethernet48/2\n!\n')
    expect(await text('show logging')).not.toContain('CONFIG_I')
  })
})

test.each([
  [{ kind: 'hand-edit', lines: ['vlan 20'], on: 'armed', after: 3 }, true],
  [{ kind: 'hand-edit', lines: [] }, false],
  [{ kind: 'hand-save', command: '^show run', nth: 2, side: 'behind' }, true],
  [{ kind: 'hand-save', side: 'beside' }, false],
  [{ kind: 'block-appears', block: 'interface Ethernet48/2', on: 'commit' }, true],
  [{ kind: 'block-appears' }, false],
])('%j as it is written: %s', (fault, good) => {
  expect(faultSchema.safeParse({ device: 'sw1', ...fault }).success).toBe(good)
})
