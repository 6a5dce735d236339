import { describe, expect, test } from 'vitest'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { simulate } from './simulate.ts'

const LINES = ['configure session a', 'vlan 20', 'hardware tcam', 'system profile x'] as const

describe('an answer of another request', () => {
  test('has its id, with the results of the request that was carried out', async () => {
    const { json, fault, text } = simulate()
    fault({ kind: 'wrong-answer', command: '^vlan' })
    expect((await json('show hostname')).id).toBe('t')
    const wrong = await json('configure', 'vlan 20')
    expect([wrong.id, wrong.result?.length, wrong.error]).toEqual(['another-request', 3, undefined])
    expect((await json('show hostname')).id).toBe('t')
    expect(await text('show running-config')).toContain('\nvlan 20\n')
  })

  test('has an error object, and what was asked is done all the same', async () => {
    const { json, fault, text } = simulate()
    fault({ kind: 'wrong-answer', write: 2, error: true })
    await json('configure', 'vlan 20')
    const wrong = await json('configure', 'vlan 30')
    expect([wrong.id, wrong.result, wrong.error?.code]).toEqual(['another-request', undefined, 1002])
    expect(await text('show running-config')).toContain('\nvlan 20,30\n')
  })

  test('what is no answer to a request stays as it is', async () => {
    const { eapi, fault } = simulate()
    fault({ kind: 'http-status', status: 503 })
    fault({ kind: 'wrong-answer' })
    expect((await eapi('{}')).status).toBe(503)
  })
})

describe('a line with % in a success', () => {
  test('in JSON and in text, once, of the command that matches', async () => {
    const { call, fault } = simulate()
    const cmds = ['enable', 'show hostname', 'configure checkpoint save a']
    const at = async (format: string) => (await call({ cmds, format })).result
    fault({ kind: 'error-line', command: '^configure checkpoint', message: 'Internal error' })
    expect((await at('json'))?.[2]).toEqual({ messages: ['% Internal error'] })
    expect((await at('json'))?.[2]).toEqual({})
    fault({ kind: 'error-line', command: '^show hostname', message: 'Internal error' })
    expect((await at('text'))?.map(({ output }) => output)).toEqual([
      '',
      'Hostname: sw1\nFQDN:     sw1\n% Internal error\n',
      '',
    ])
  })

  test('a commit that says so has taken effect', async () => {
    const { call, json, fault, device } = simulate()
    await json('configure session a', 'vlan 20')
    fault({ kind: 'error-line', command: 'commit timer', message: 'Operation timed out' })
    const { result, error } = await call({
      cmds: ['enable', 'configure session a commit timer 00:05:00'],
      format: 'text',
    })
    expect([result?.at(-1), error]).toEqual([{ output: '% Operation timed out\n' }, undefined])
    expect(device.sessions.get('a')?.state).toBe('armed')
  })

  test('over SSH', async () => {
    const simulated = simulate()
    simulated.fault({ kind: 'error-line', command: '^show hostname', message: 'Internal error' })
    expect(await openTerminal(simulated, { size: undefined }).lines('show hostname', 'show hostname')).toBe(
      'Hostname: sw1\nFQDN:     sw1\n% Internal error\nHostname: sw1\nFQDN:     sw1\n',
    )
  })
})

describe('what the switch says while lines are loaded', () => {
  const WARNING = '! Changing the TCAM profile restarts the forwarding agents'

  test('a warning, each time, and the line is applied', async () => {
    const { call, fault, text } = simulate()
    fault({ kind: 'line-warning', command: '^vlan 2', message: WARNING })
    for (const session of ['a', 'b']) {
      const cmds = ['enable', `configure session ${session}`, 'vlan 20', 'name x']
      const printed = (await call({ cmds, format: 'text' })).result?.map(({ output }) => output)
      expect(printed).toEqual(['', '', `${WARNING}\n`, ''])
    }
    expect(await text('show session-config named a')).toContain('\nvlan 20\n')
    const json = (await call({ cmds: ['enable', 'configure', 'vlan 21'] })).result
    expect(json?.at(-1)).toEqual({ messages: [WARNING] })
  })

  test('of the kth line of a session', async () => {
    const { call, fault } = simulate()
    fault({ kind: 'line-warning', line: 2, message: WARNING })
    const { result } = await call({ cmds: ['enable', ...LINES.slice(0, 2), 'name a', 'name b'], format: 'text' })
    expect(result?.map(({ output }) => output)).toEqual(['', '', '', `${WARNING}\n`, ''])
  })

  test('a question: eAPI answers by itself and prints it', async () => {
    const { call, fault, text } = simulate()
    fault({ kind: 'line-question', command: '^vlan 20', message: 'Proceed [y/n]' })
    const { result } = await call({ cmds: ['enable', 'configure session a', 'vlan 20'], format: 'text' })
    expect(result?.at(-1)).toEqual({ output: 'Proceed [y/n]\n' })
    expect(await text('show session-config named a')).toContain('\nvlan 20\n')
  })

  test.each([
    ['y', true],
    ['yes', true],
    ['n', false],
    ['', false],
    ['!eosflow-0123-7', false],
    ['exit', false],
  ])('a question on a terminal, answered %j: applied %s', async (answer, applied) => {
    const simulated = simulate()
    simulated.fault({ kind: 'line-question', command: '^vlan 20', message: 'Proceed [y/n]' })
    const terminal = openTerminal(simulated)
    await terminal.lines('configure session a')
    expect(await terminal.lines('vlan 20')).toBe('vlan 20\r\nProceed [y/n] ')
    expect(await terminal.lines(answer)).toBe(`${answer}\r\nsw1(config-s-a${applied ? '-vlan-20' : ''})#`)
    await terminal.lines('end')
    expect((await simulated.text('show session-config named a')).includes('\nvlan 20\n')).toBe(applied)
  })
})

test.each([
  [{ kind: 'wrong-answer' }, true],
  [{ kind: 'wrong-answer', command: '(' }, false],
  [{ kind: 'error-line', command: 'commit', message: 'x' }, true],
  [{ kind: 'error-line', message: 'x' }, false],
  [{ kind: 'line-warning', line: 2, message: 'x' }, true],
  [{ kind: 'line-question', command: '^hardware', message: 'Proceed [y/n]' }, true],
  [{ kind: 'line-question' }, false],
])('%j as it is written: %s', (fault, good) => {
  expect(faultSchema.safeParse({ device: 'sw1', ...fault }).success).toBe(good)
})
