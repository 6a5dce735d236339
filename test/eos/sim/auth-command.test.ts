import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { isDenied } from '../../../src/eos/sim/cli/command/command-authorization.ts'
import { inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { CONFIG, type RpcAnswer, simulate } from './simulate.ts'

const ROLES = `aaa authorization commands all default local
!
role limited
   20 deny command telnet
   10 permit mode exec command ssh|show (?!running)
   30 permit mode config-all command interface
   40 permit mode config command hostname
`

describe('command authorization (manual)', () => {
  const tree = parseConfig(ROLES)

  test.each([
    ['network-admin', 'exec', 'configure', false],
    ['network-admin', 'submode', 'shutdown', false],
    ['network-operator', 'exec', 'show version', false],
    ['network-operator', 'exec', 'bash', true],
    ['network-operator', 'config', 'hostname x', true],
    [undefined, 'config', 'hostname x', true],
    ['limited', 'exec', 'show version', false],
    ['limited', 'exec', 'show running-config', true],
    ['limited', 'exec', 'telnet a', true],
    ['limited', 'exec', 'ping a', true],
    ['limited', 'config', 'interface Ethernet1', false],
    ['limited', 'submode', 'interface Ethernet2', false],
    ['limited', 'config', 'hostname x', false],
    ['limited', 'submode', 'hostname x', true],
    ['nobody-defined-it', 'exec', 'show version', true],
  ] as const)('role %s in mode %s: %s', (role, mode, command, denied) => {
    expect(isDenied(tree, role, mode, command)).toBe(denied)
  })

  test('only where commands are authorized locally; the role of those without one can be set', () => {
    expect(isDenied(parseConfig('role limited\n'), 'limited', 'exec', 'bash')).toBe(false)
    const elsewhere = ROLES.replace('default local', 'default group tacacs+ local')
    expect(isDenied(parseConfig(elsewhere), 'limited', 'exec', 'ping a')).toBe(false)
    const admin = parseConfig(`${ROLES}aaa authorization policy local default-role network-admin\n`)
    expect(isDenied(admin, undefined, 'config', 'hostname x')).toBe(false)
  })

  test('a denied command is 1005 in its own words, and stops the request with what was done before', async () => {
    const user = 'username bob privilege 15 role limited secret 0 pw\nusername eve role limited nopassword\n!\n'
    const { fabric, device } = simulate(CONFIG.replace('hostname sw1', `${ROLES}!\n${user}hostname sw1`))
    const channel = fabric.switches[0]?.eapi
    if (channel === undefined) throw new RangeError('no switch')
    const eapi = inMemoryEapi(channel, { username: 'bob', password: 'pw' })
    const params = { version: 1, cmds: ['show hostname', 'show running-config'] }
    const { body } = await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params }))
    expect((JSON.parse(body) as RpcAnswer).error).toEqual({
      code: 1005,
      message: "CLI command 2 of 2 'show running-config' failed: permission to run command denied",
      data: [{ hostname: 'sw1', fqdn: 'sw1' }, { errors: ["Authorization denied for command 'show running-config'"] }],
    })
    expect(device.counters.commits.plain).toBe(0)
    const own = inMemoryEapi(channel)
    const all = await own(
      JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { cmds: ['enable', 'show running-config'] } }),
    )
    expect((JSON.parse(all.body) as RpcAnswer).error).toBeUndefined()
  })
})
