import { describe, expect, test } from 'vitest'
import type { Credential, Device, DeviceTarget, Transport } from '../../../src/eos/device/device.ts'
import { fleetOf, type Logins } from '../../../src/eos/device/fleet.ts'
import { EosflowError } from '../../../src/model/error.ts'
import { noFence } from '../../../src/model/fence.ts'
import { Secret } from '../../../src/model/secret.ts'
import { partOf } from '../../lab/part-of.ts'
import { linesOf } from '../../table.ts'

const LEAF1: DeviceTarget = {
  name: 'leaf1',
  host: '10.0.0.11',
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'system' },
}

/** A switch that takes one password of each user and notes what it hears, and a keeper that has another one from the second question on. */
function site(given: { readonly reader?: string; readonly kept?: string } = {}) {
  const heard: string[] = []
  const asked: string[] = []
  let accepted = 'first'
  let connections = 0
  const transport: Transport = {
    connect: async (_target, { username, password }: Credential) => {
      connections += 1
      const id = `${username}#${connections}`
      heard.push(`connect ${id}`)
      const verb = (name: string) => async () => {
        heard.push(`${name} ${id}`)
        if (password?.reveal() !== accepted) throw new EosflowError('unauthenticated', 'the switch refused the user')
        return id
      }
      const close = async () => void heard.push(`close ${id}`)
      const names = ['look', 'print', 'readConfig', 'stage', 'arm', 'confirm', 'abort', 'save', 'restore'] as const
      const verbs = Object.fromEntries(names.map((name) => [name, verb(name)]))
      return partOf<Device>({ ...verbs, name: 'leaf1', close })
    },
  }
  const logins: Logins = {
    userOf: (_device, role) => (role === 'read' ? (given.reader ?? 'rw') : 'rw'),
    credential: async (_device, username, when) => {
      asked.push(when ?? 'first')
      return { username, password: new Secret(when === 'again' ? (given.kept ?? 'second') : 'first') }
    },
    requireGoodFor: async (_device, user, milliseconds) => void asked.push(`${user} for ${milliseconds}`),
    close: async () => void asked.push('close'),
  }
  return {
    fleet: fleetOf([LEAF1], transport, logins, noFence),
    heard,
    asked,
    change: () => {
      accepted = 'second'
    },
  }
}

const failure = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof EosflowError ? error.kind : error),
  )

describe('a fleet', () => {
  test('has one connection for each user of a switch, and roles of one user share it', async () => {
    const one = site()
    await (await one.fleet.device('leaf1')).look([])
    await (await one.fleet.as('read').device('leaf1')).look([])
    expect(one.heard).toEqual(['connect rw#1', 'look rw#1', 'look rw#1'])
    const two = site({ reader: 'ro' })
    await Promise.all([two.fleet.as('read').device('leaf1'), two.fleet.as('read').device('leaf1')])
    await (await two.fleet.as('read').as('write').device('leaf1')).stage({ session: 's', mode: 'merge', commands: [] })
    expect(two.heard).toEqual(['connect ro#1', 'connect rw#2', 'stage rw#2'])
  })

  test('leaves no older connection to a switch when one is renewed, whoever had it', async () => {
    const { fleet, heard } = site({ reader: 'ro' })
    await fleet.device('leaf1')
    await fleet.as('read').device('leaf1')
    await fleet.as('read').renew('leaf1')
    await (await fleet.device('leaf1')).confirm('s')
    expect(heard.slice(2)).toEqual(
      linesOf(`
      close rw#1
      close ro#2
      connect ro#3
      connect rw#4
      confirm rw#4
    `),
    )
  })

  test('logs in anew beside what is open, and takes the new connection or leaves the old one', async () => {
    const { fleet, heard } = site({ reader: 'ro' })
    expect([fleet.user('leaf1'), fleet.as('read').user('leaf1')]).toEqual(['rw', 'ro'])
    await fleet.device('leaf1')
    await fleet.as('read').device('leaf1')
    const refused = await fleet.logInAnew('leaf1')
    await refused.device.look([])
    await refused.giveUp()
    await (await fleet.device('leaf1')).look([])
    expect(heard.slice(2)).toEqual(['connect rw#3', 'look rw#3', 'close rw#3', 'look rw#1'])
    const taken = await fleet.logInAnew('leaf1')
    await taken.device.look([])
    await taken.adopt()
    await (await fleet.device('leaf1')).confirm('s')
    await (await fleet.as('read').device('leaf1')).look([])
    expect(heard.slice(6)).toEqual(
      linesOf(`
      connect rw#4
      look rw#4
      close rw#1
      confirm rw#4
      look ro#2
    `),
    )
  })

  test('asks about the user of its role, and gives everything back at the end, once', async () => {
    const { fleet, heard, asked } = site({ reader: 'ro' })
    await fleet.requireLogin('leaf1', 5)
    await fleet.as('read').requireLogin('leaf1', 6)
    await fleet.as('read').device('leaf1')
    await fleet.as('read').close()
    expect(asked).toEqual(['rw for 5', 'ro for 6', 'first', 'close'])
    expect(heard).toEqual(['connect ro#1', 'close ro#1'])
    expect(await failure(fleet.device('leaf9'))).toBe('bug')
  })
})

describe('a connection whose password was changed', () => {
  test.each<[string, (device: Device) => Promise<unknown>]>([
    ['look', (device) => device.look([])],
    ['print', (device) => device.print([])],
    ['readConfig', (device) => device.readConfig()],
  ])('%s is sent once more with the new one, and what follows goes the same way', async (verb, ask) => {
    const { fleet, heard, change } = site()
    const device = await fleet.device('leaf1')
    change()
    expect(await ask(device)).toBe('rw#2')
    await device.arm('s', 60)
    expect(heard).toEqual(
      linesOf(`
      connect rw#1
      ${verb} rw#1
      connect rw#2
      close rw#1
      ${verb} rw#2
      arm rw#2
    `),
    )
  })

  test.each<[string, (device: Device) => Promise<unknown>]>([
    ['stage', (device) => device.stage({ session: 's', mode: 'merge', commands: [] })],
    ['arm', (device) => device.arm('s', 60)],
    ['confirm', (device) => device.confirm('s')],
    ['abort', (device) => device.abort('s')],
    ['save', (device) => device.save()],
    ['restore', (device) => device.restore('c')],
  ])('%s is not: whoever writes is named, and decides', async (verb, send) => {
    const { fleet, heard, asked, change } = site()
    const device = await fleet.device('leaf1')
    change()
    expect(await failure(send(device))).toBe('unauthenticated')
    expect(heard).toEqual(['connect rw#1', `${verb} rw#1`])
    expect(asked).toEqual(['first'])
  })

  test('is not tried again with the same password: that would lock the account', async () => {
    const { fleet, heard, asked, change } = site({ kept: 'first' })
    const device = await fleet.device('leaf1')
    change()
    expect(await failure(device.look([]))).toBe('unauthenticated')
    expect(heard).toEqual(['connect rw#1', 'look rw#1'])
    expect(asked).toEqual(['first', 'again'])
  })

  test('is tried again once, not until it works', async () => {
    const { fleet, heard, change } = site({ kept: 'neither' })
    const device = await fleet.device('leaf1')
    change()
    expect(await failure(device.look([]))).toBe('unauthenticated')
    expect(heard.filter((line) => line.startsWith('look'))).toEqual(['look rw#1', 'look rw#2'])
  })

  test('is replaced once by several reads at a time', async () => {
    const { fleet, heard, change } = site()
    const device = await fleet.device('leaf1')
    change()
    const answers = await Promise.all([device.look([]), device.readConfig(), device.look([])])
    const [used] = [...new Set(answers.map(String))]
    expect(new Set(answers.map(String)).size).toBe(1)
    const open =
      heard.filter((line) => line.startsWith('connect')).length -
      heard.filter((line) => line.startsWith('close')).length
    expect(open).toBe(1)
    expect(heard).not.toContain(`close ${used}`)
  })
})
