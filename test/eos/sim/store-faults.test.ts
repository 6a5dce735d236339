import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { startFabric } from '../../../src/testing.ts'
import { linesOf } from '../../table.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { CONFIG, simulate } from './simulate.ts'

const DESCRIBED = ['interface Ethernet2', 'description new'] as const
const ARM = 'configure session a commit timer 00:05:00'

describe('a list of sessions that lags', () => {
  const states = async ({ json }: ReturnType<typeof simulate>) => {
    const { sessions } = (await json('show configuration sessions detail')).result?.at(-1) ?? {}
    return Object.values(sessions as Record<string, { state: string }>).map(({ state }) => state)
  }

  test('shows what was so many seconds ago, in JSON and in text', async () => {
    const simulated = simulate()
    const { json, text, fault, clock, device } = simulated
    fault({ kind: 'session-list-lag', seconds: 3 })
    await json('configure session a', ...DESCRIBED)
    expect(await states(simulated)).toEqual([])
    await clock.advance(3000)
    expect(await states(simulated)).toEqual(['pending'])
    await json(ARM)
    await clock.advance(2999)
    expect([await states(simulated), device.sessions.get('a')?.state]).toEqual([['pending'], 'armed'])
    await clock.advance(1)
    expect(await states(simulated)).toEqual(['pendingCommitTimer'])
    await json('configure session a commit')
    expect(await text('show configuration sessions detail')).toContain('pendingCommitTimer')
    await clock.advance(3000)
    expect(await states(simulated)).toEqual(['completed'])
    expect(await text('show configuration sessions detail')).not.toContain('pendingCommitTimer')
  })

  test('the timer of a newer version too, and its expiry', async () => {
    const simulated = simulate(CONFIG.replace('EOS-4.31.4M', 'EOS-4.32.2F'))
    const { json, fault, clock } = simulated
    const armed = async () =>
      'commitTimerSessionName' in ((await json('show configuration sessions detail')).result?.at(-1) ?? {})
    await json('configure session a', ...DESCRIBED, 'commit timer 00:01:00')
    fault({ kind: 'session-list-lag', seconds: 5, for: 100 })
    expect(await armed()).toBe(false)
    await clock.advance(64_999)
    expect(await armed()).toBe(true)
    await clock.advance(1)
    expect(await armed()).toBe(false)
  })
})

describe('a replay that fails', () => {
  async function armed(fault: object) {
    const simulated = simulate()
    await simulated.json('configure checkpoint save before')
    await simulated.json('configure session a', ...DESCRIBED)
    await simulated.json(ARM)
    simulated.fault({ kind: 'replay-fails', command: '^name USERS$', ...fault })
    return simulated
  }
  const LESS = CONFIG.replace('   name USERS\n', '')

  test('the timer reverts nothing and is gone', async () => {
    const { text, clock, device } = await armed({})
    await clock.advance(300_000)
    expect(await text('show running-config')).toContain('description new')
    expect(device.sessions.timer).toBeUndefined()
  })

  test('an abort is refused with the line, and nothing is put back', async () => {
    const { json, text } = await armed({})
    const { error } = await json('configure session a abort')
    expect(error?.data?.at(-1)).toEqual({ errors: ['Invalid input at line 6: name USERS'] })
    expect(await text('show running-config')).toContain('description new')
  })

  test.each([
    'configure replace checkpoint:before',
    'configure replace checkpoint:before skip-checkpoint',
    'configure checkpoint restore before',
  ])('%s is refused, and changes nothing', async (command) => {
    const { json, text } = await armed({})
    expect((await json(command)).error?.code).toBe(1000)
    expect(await text('show running-config')).toContain('description new')
  })

  test.each([
    ['the timer', undefined],
    ['an abort', 'configure session a abort'],
    ['a replace', 'configure replace checkpoint:before'],
  ])('left out in silence by %s', async (_name, command) => {
    const { json, text, clock } = await armed({ leavesOut: true })
    if (command === undefined) await clock.advance(300_000)
    else expect((await json(command)).error).toBeUndefined()
    expect(await text('show running-config')).toBe(LESS)
  })

  test.each([
    ['and says so', {}, '> name USERS\n% Invalid input at line 6\nCopy completed successfully.\n'],
    ['in silence', { leavesOut: true }, 'Copy completed successfully.\n'],
    ['nothing where no line is it', { command: '^no such line$' }, 'Copy completed successfully.\n'],
    [
      'the nth line',
      { command: '.', line: 6 },
      '> name USERS\n% Invalid input at line 6\nCopy completed successfully.\n',
    ],
  ])('a copy of a checkpoint into a session leaves out, %s', async (_name, fault, said) => {
    const { call, fault: set, json } = simulate()
    await json('configure checkpoint save before')
    set({ kind: 'replay-fails', command: '^name USERS$', ...fault })
    const { result } = await call({
      cmds: linesOf(`
        enable
        configure session probe
        rollback clean-config
        copy checkpoint:before session-config
        end
        show session-config named probe diffs
        configure session probe abort
      `),
      format: 'text',
    })
    expect(result?.[3]?.output).toBe(said)
    const isWhole = 'command' in fault && fault.command.startsWith('^no')
    expect(String(result?.[5]?.output).includes('-   name USERS')).toBe(!isWhole)
    expect(result?.[5]?.output === '').toBe(isWhole)
  })
})

describe('no startup-config', () => {
  test('what shows it fails until somebody saves', async () => {
    const { json, text, fault } = simulate()
    fault({ kind: 'no-startup-config' })
    for (const command of ['show running-config diffs', 'show startup-config']) {
      const { error } = await json(command)
      expect(error?.data?.at(-1)).toEqual({
        errors: ['Error opening flash:/startup-config (No such file or directory)'],
      })
    }
    expect(await text('dir')).not.toContain('startup-config')
    expect(await text('show running-config')).toBe(CONFIG)
    await json('copy running-config startup-config')
    expect(await text('show running-config diffs')).toBe('')
  })
})

describe('a save that takes seconds', () => {
  test.each(['copy running-config startup-config', 'write', 'write memory'])('%s', async (command) => {
    const { json, fault, clock, device } = simulate()
    await json('configure', 'vlan 20')
    fault({ kind: 'slow-save', seconds: 8 })
    const saved = json(command)
    await clock.advance(7999)
    expect(JSON.stringify(device.startup)).not.toContain('vlan 20')
    await clock.advance(1)
    await saved
    expect(JSON.stringify(device.startup)).toContain('vlan 20')
  })
})

describe('no new login', () => {
  const outcome = async (work: Promise<unknown>) =>
    work.then(
      () => 'answered',
      (error: { kind?: string; code?: string }) => error.kind ?? error.code ?? String(error),
    )

  test('in memory: a connection that is open goes on, a new one is refused, for its window', async () => {
    const { fabric, clock, fault } = simulate()
    const channel = fabric.get('sw1').eapi
    const [old, fresh] = [inMemoryEapi(channel), inMemoryEapi(channel)]
    expect(await outcome(old('{}'))).toBe('answered')
    fault({ kind: 'no-new-login', after: 1, for: 10 })
    await clock.advance(1000)
    expect([await outcome(old('{}')), await outcome(fresh('{}'))]).toEqual(['answered', 'unreachable'])
    await clock.advance(10_000)
    expect(await outcome(fresh('{}'))).toBe('answered')
  })

  test('a connection that has died cannot be made again', async () => {
    const { eapi, json, fault } = simulate()
    await json('show hostname')
    fault({ kind: 'no-new-login' })
    fault({ kind: 'lost-answer' })
    expect([await outcome(eapi('{}')), await outcome(eapi('{}'))]).toEqual(['lost-answer', 'unreachable'])
  })

  test('with sockets, over eAPI and SSH', async () => {
    const fabric = await startFabric({ config: CONFIG })
    const [device] = fabric.devices
    if (device === undefined) throw new RangeError('no switch')
    try {
      await fabric.fault({ device: device.name, kind: 'no-new-login' })
      const { host } = device.http
      const http = await headOf(host, device.http.port)
      expect(http).toBe('ECONNRESET')
      expect(await firstWords(host, device.ssh.port)).toBe('')
      await fabric.clearFaults()
      expect(await headOf(host, device.http.port)).toBe('401')
      expect(await firstWords(host, device.ssh.port)).toContain('SSH-2.0')
    } finally {
      await fabric.close()
    }
  })

  test('a terminal that is open goes on', async () => {
    const simulated = simulate()
    const terminal = openTerminal(simulated)
    simulated.fault({ kind: 'no-new-login' })
    expect(await terminal.lines('show hostname')).toContain('Hostname: sw1')
    expect(simulated.device.takesLogins).toBe(false)
  })
})

/** The HTTP status that a new connection gets, or how it ends. */
function headOf(host: string, port: number) {
  return new Promise((resolve) => {
    const sent = request({ host, port, path: '/command-api', method: 'HEAD', agent: new Agent() }, (response) => {
      response.resume()
      resolve(String(response.statusCode))
    })
    sent.once('error', (error) => resolve('code' in error ? String(error.code) : String(error)))
    sent.end()
  })
}

/** What a server says before anybody speaks to it; nothing when it hangs up. */
function firstWords(host: string, port: number) {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('data', (bytes) => {
      resolve(bytes.toString('utf8'))
      socket.destroy()
    })
    socket.once('error', () => resolve(''))
    socket.once('close', () => resolve(''))
  })
}

test.each([
  [{ kind: 'session-list-lag', seconds: 5 }, true],
  [{ kind: 'session-list-lag', seconds: 6 }, false],
  [{ kind: 'replay-fails', command: '^no lldp transmit$', leavesOut: true }, true],
  [{ kind: 'replay-fails', line: 0 }, false],
  [{ kind: 'no-startup-config' }, true],
  [{ kind: 'slow-save', seconds: 8 }, true],
  [{ kind: 'slow-save' }, false],
  [{ kind: 'no-new-login', after: 1, for: 5 }, true],
])('%j as it is written: %s', (fault, good) => {
  expect(faultSchema.safeParse({ device: 'sw1', ...fault }).success).toBe(good)
})
