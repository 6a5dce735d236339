import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eosflow, newProject, start, temporaryFolder } from './eosflow.ts'
import { inProcess } from './in-process.ts'

interface Ready {
  readonly devices: readonly {
    readonly name: string
    readonly eos: string
    readonly username: string
    readonly password: string
    readonly http: { readonly host: string; readonly port: number }
  }[]
  readonly control: { readonly host: string; readonly port: number }
  readonly ca: string
  readonly caFile?: string
}

const CONFIG = 'hostname edge7\n!\ninterface Ethernet1\n   description uplink\n!\nend\n'

/** What a client that knows nothing of eosflow gets. */
async function runCmds({ devices: [device] }: Ready, cmds: readonly string[]): Promise<unknown> {
  const login = Buffer.from(`${device?.username}:${device?.password}`).toString('base64')
  const response = await fetch(`http://${device?.http.host}:${device?.http.port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${login}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'runCmds', params: { version: 1, format: 'json', cmds } }),
  })
  return ((await response.json()) as { result: unknown }).result
}

function oneSwitch(): string {
  const dir = temporaryFolder()
  writeFileSync(join(dir, 'running.cfg'), CONFIG)
  return dir
}

describe('sim start', () => {
  test('--config answers eAPI with the printed login, and SIGTERM ends it with 0', async () => {
    const cwd = oneSwitch()
    const sim = await start(['sim', 'start', '--config', 'running.cfg', '--eos', '4.31.4M', '--json'], { cwd })
    const ready = JSON.parse(sim.line) as Ready
    expect(ready.devices).toEqual([
      {
        name: 'edge7',
        eos: '4.31.4M',
        username: 'admin',
        password: 'admin',
        http: { host: '127.0.0.1', port: expect.any(Number) },
        https: { host: '127.0.0.1', port: expect.any(Number) },
        ssh: {
          host: '127.0.0.1',
          port: expect.any(Number),
          hostKey: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
        },
      },
    ])
    const [version, host] = (await runCmds(ready, ['show version', 'show hostname'])) as [
      { version: string },
      { hostname: string },
    ]
    expect(version.version).toBe('4.31.4M')
    expect(host.hostname).toBe('edge7')
    expect(await sim.stop('SIGTERM')).toBe(0)
    await expect(runCmds(ready, ['show version'])).rejects.toThrow('fetch failed')
  })

  test('SIGINT ends it with 0 as well, and the name is the one that was given', async () => {
    const sim = await start(['sim', 'start', '--config', 'running.cfg', '--name', 'other', '--json'], {
      cwd: oneSwitch(),
    })
    expect((JSON.parse(sim.line) as Ready).devices[0]?.name).toBe('other')
    expect(await sim.stop('SIGINT')).toBe(0)
  })

  test('tells a person where each switch is', async () => {
    const sim = await start(['sim', 'start', '--config', 'running.cfg'], { cwd: oneSwitch() })
    expect(sim.line).toBe('switch  EOS         eAPI over HTTP and HTTPS, SSH, and the invented login')
    expect(await sim.stop()).toBe(0)
  })

  test.each([
    [['--eos', 'four'], '--eos: `four` is no EOS version'],
    [['--privilege', '7'], '--privilege: `7` is no privilege of a login'],
    [['--config', 'nothing.cfg'], 'nothing.cfg:1:1: there is no such file'],
  ])('bad usage exits 3: %j', async (flags, said) => {
    const { code, stderr } = await eosflow(['sim', 'start', '--config', 'running.cfg', ...flags], { cwd: oneSwitch() })
    expect(code).toBe(3)
    expect(stderr).toContain(said)
  })

  test('a malformed fabric exits 3 with every place', async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'f'))
    const fabric = "version: 1\nname: f\ndevices:\n  leaf1: { eos: 5.0 }\ncabling:\n  - 'leaf1:Ethernet1'\n"
    writeFileSync(join(cwd, 'f/fabric.yaml'), fabric)
    const { code, stderr, stdout } = await eosflow(['sim', 'start', 'f', '--json'], { cwd })
    expect(code).toBe(3)
    expect(stderr).toContain('f/fabric.yaml:4:17: ')
    expect(JSON.parse(stdout)).toMatchObject({ error: { kind: 'input' }, exitCode: 3 })
  })

  test('nothing to start exits 3', async () => {
    const { code, stderr } = await inProcess(['sim', 'start'], temporaryFolder())
    expect(code).toBe(3)
    expect(stderr).toContain('no fabric is named')
    expect((await inProcess(['sim', 'start', 'x'], temporaryFolder())).stderr).toContain(
      'x/fabric.yaml:1:1: there is no fabric here',
    )
  })
})

describe('sim status and sim fault', () => {
  test('find the simulator that the project started, and no other', async () => {
    const dir = await newProject()
    writeFileSync(join(dir, 'one.cfg'), CONFIG)
    expect((await inProcess(['sim', 'status'], dir)).code).toBe(10)

    const sim = await start(['sim', 'start', '--config', 'one.cfg', '--json'], { cwd: dir })
    const ready = JSON.parse(sim.line) as Ready
    await runCmds(ready, ['show version'])
    const caFile = join(dir, '.eosflow/sim-ca.pem')
    expect(realpathSync(ready.caFile ?? '')).toBe(realpathSync(caFile))
    expect(readFileSync(caFile, 'utf8')).toBe(ready.ca)
    expect(new X509Certificate(ready.ca).ca).toBe(true)
    const status = await inProcess(['sim', 'status', '--json'], dir)
    expect(status.code).toBe(0)
    expect(JSON.parse(status.stdout)).toMatchObject({
      version: 1,
      devices: [{ name: 'edge7', reachable: true, sessions: {}, counters: { requests: 1, connections: 1 } }],
    })
    const control = `${ready.control.host}:${ready.control.port}`
    const elsewhere = await inProcess(['sim', 'status', '--control', control], temporaryFolder())
    expect(elsewhere.stdout).toContain('Simulated: edge7 · 1 switch · 0 under a commit timer · 1 request\n')

    expect(await sim.stop()).toBe(0)
    expect([join(dir, '.eosflow/sim.json'), caFile].filter(existsSync)).toEqual([])
    expect((await inProcess(['sim', 'status'], dir)).stderr).toContain('no simulator of this project is running')
  })

  test('a fault strikes, and a bad one is refused with its place', async () => {
    const cwd = oneSwitch()
    const sim = await start(['sim', 'start', '--config', 'running.cfg', '--json'], { cwd })
    const ready = JSON.parse(sim.line) as Ready
    const flags = ['--control', `127.0.0.1:${ready.control.port}`]
    const set = await inProcess(['sim', 'fault', 'edge7', '{ kind: foreign-timer, seconds: 300 }', ...flags], cwd)
    expect(set.code).toBe(0)
    expect(set.stdout).toContain('Fault: {"device":"edge7","kind":"foreign-timer","seconds":300} is set\n')
    const status = await inProcess(['sim', 'status', ...flags], cwd)
    expect(status.stdout).toMatch(/commit timer of \S+: (5m|4m 5\ds) left/)

    const slip = await inProcess(['sim', 'fault', 'edge7', '{ kind: reboot, second: 3 }', ...flags], cwd)
    expect(slip.code).toBe(3)
    expect(slip.stderr).toContain('fault:1:17: ')
    const nobody = await inProcess(['sim', 'fault', 'edge8', '{ kind: reboot }', ...flags], cwd)
    expect(nobody.code).toBe(3)
    expect(nobody.stderr).toContain('there is no switch `edge8` here: edge7')
    expect((await inProcess(['sim', 'fault', 'edge7', '12', ...flags], cwd)).code).toBe(3)
    expect((await inProcess(['sim', 'status', '--control', 'here'], cwd)).code).toBe(3)
    await sim.stop()
  })
})
