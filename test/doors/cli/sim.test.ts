import { X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readyText } from '../../../src/lab/simulator/control.ts'
import { startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { freePorts } from '../../free-ports.ts'
import { exits, fileText, hasIpv6, inProcess, json, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { eosflow, newProject, start } from './eosflow.ts'

interface Ready {
  readonly devices: readonly {
    readonly name: string
    readonly eos: string
    readonly username: string
    readonly password: string
    readonly http: { readonly host: string; readonly port: number }
    readonly https: { readonly host: string; readonly port: number }
    readonly closed?: readonly string[]
  }[]
  readonly control: { readonly host: string; readonly port: number }
  readonly ca: string
  readonly caFile?: string
}

const CONFIG = 'hostname edge7\n!\ninterface Ethernet1\n   description uplink\n!\nend\n'

/** What a client that knows nothing of eosflow gets. */
async function runCmds({ devices: [device] }: Ready, cmds: readonly string[]) {
  const login = Buffer.from(`${device?.username}:${device?.password}`).toString('base64')
  const response = await fetch(`http://${device?.http.host}:${device?.http.port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${login}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'runCmds', params: { version: 1, format: 'json', cmds } }),
  })
  return ((await response.json()) as { result: unknown }).result
}

function oneSwitch() {
  const dir = temporaryFolder({ 'running.cfg': CONFIG })
  return dir
}

describe('sim start', () => {
  test('--config answers eAPI with the printed login, and SIGTERM ends it with 0', async () => {
    const cwd = oneSwitch()
    const sim = await start('sim start --config running.cfg --name other --eos 4.31.4M --json', { cwd })
    const ready = JSON.parse(sim.line)
    expect(ready.devices).toEqual([
      {
        name: 'other',
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

  test('tells a person where each switch is, and SIGINT ends it with 0 as well', {
    tags: ['long', 'turn'],
  }, async () => {
    const sim = await start('sim start --config running.cfg', { cwd: oneSwitch() })
    expect(sim.line).toBe('switch  EOS         eAPI over HTTP and HTTPS, and SSH')
    expect(await sim.stop('SIGINT')).toBe(0)
  })

  test('[U19] names no address at which nothing listens, and takes the HTTPS ports of the inventory', {
    tags: 'long',
  }, async () => {
    const dir = await newProject()
    const [port] = await freePorts(1)
    const inventory = fileText(dir, 'inventory.yaml')
    writeFileSync(
      join(dir, 'inventory.yaml'),
      `${inventory.slice(0, inventory.indexOf('devices:'))}devices:\n  leaf1: { host: 127.0.0.1, port: ${port}, protocol: https }\n`,
    )
    const fabric = (name: string, config: string) => {
      mkdirSync(join(dir, `fabrics/${name}/leaf1`), { recursive: true })
      writeFileSync(
        join(dir, `fabrics/${name}/fabric.yaml`),
        'version: 1\nname: one\ndevices: { leaf1: { eos: 4.32.2F } }\n',
      )
      writeFileSync(join(dir, `fabrics/${name}/leaf1/running-config`), config)
    }
    fabric('off', 'hostname leaf1\n!\nend\n')
    fabric('on', 'hostname leaf1\n!\nmanagement api http-commands\n   no shutdown\n!\nend\n')

    const off = await start('sim start fabrics/off --json', { cwd: dir })
    expect(JSON.parse(off.line).devices[0]?.closed).toEqual(['http', 'https'])
    expect(await off.stop()).toBe(0)
    const running = await startFabric(join(dir, 'fabrics/off'))
    const said = readyText(running, undefined, 4711)
    await running.close()
    expect(said).toContain('leaf1   4.32.2F     eAPI is off in its configuration  ssh -p ')
    expect(said).not.toContain('/command-api')

    const on = await start('sim start fabrics/on --json', { cwd: dir })
    const [device] = JSON.parse(on.line).devices
    expect([device?.https.port, device?.closed]).toEqual([port, undefined])
    expect(await on.stop()).toBe(0)

    if (!hasIpv6) return
    writeFileSync(
      join(dir, 'inventory.yaml'),
      fileText(dir, 'inventory.yaml').replace('host: 127.0.0.1', "host: '::1'"),
    )
    const six = await start('sim start fabrics/on --json', { cwd: dir })
    const [there] = JSON.parse(six.line).devices
    expect([there?.http.host, there?.https]).toEqual(['::1', { host: '::1', port }])
    expect(await six.stop()).toBe(0)
  })

  test.each([
    [['--eos', 'four'], '--eos: `four` is no EOS version'],
    [['--privilege', '7'], '--privilege: `7` is no privilege of a login'],
    [['--config', 'nothing.cfg'], 'nothing.cfg:1:1: there is no such file'],
  ])('bad usage exits 3: %j', { tags: ['long', 'turn'] }, async (flags, said) => {
    await warns(3, eosflow(['sim start --config running.cfg', ...flags], { cwd: oneSwitch() }), said)
  })

  test('a malformed fabric exits 3 with every place', { tags: ['long', 'turn'] }, async () => {
    const cwd = temporaryFolder()
    mkdirSync(join(cwd, 'f'))
    const fabric = "version: 1\nname: f\ndevices:\n  leaf1: { eos: 5.0 }\ncabling:\n  - 'leaf1:Ethernet1'\n"
    writeFileSync(join(cwd, 'f/fabric.yaml'), fabric)
    expect(await json(warns(3, eosflow('sim start f --json', { cwd }), 'f/fabric.yaml:4:17: '))).toMatchObject({
      error: { kind: 'input' },
      exitCode: 3,
    })
  })

  test('nothing to start exits 3', async () => {
    await warns(3, inProcess('sim start', temporaryFolder()), 'no fabric is named')
    expect((await inProcess('sim start x', temporaryFolder())).stderr).toContain(
      'x/fabric.yaml:1:1: there is no fabric here',
    )
  })
})

describe('sim status and sim fault', () => {
  test('find the simulator that the project started, and no other', { tags: 'long' }, async () => {
    const dir = await newProject()
    writeFileSync(join(dir, 'one.cfg'), CONFIG)
    await exits(10, inProcess('sim status', dir))

    const sim = await start('sim start --config one.cfg --json', { cwd: dir })
    const ready = JSON.parse(sim.line)
    await runCmds(ready, ['show version'])
    const caFile = join(dir, '.eosflow/sim-ca.pem')
    expect(realpathSync(ready.caFile ?? '')).toBe(realpathSync(caFile))
    expect(readFileSync(caFile, 'utf8')).toBe(ready.ca)
    expect(new X509Certificate(ready.ca).ca).toBe(true)
    const status = await exits(0, inProcess('sim status --json', dir))
    expect(JSON.parse(status.stdout)).toMatchObject({
      version: 1,
      devices: [{ name: 'edge7', reachable: true, sessions: {}, counters: { requests: 1, connections: 1 } }],
    })
    const control = `${ready.control.host}:${ready.control.port}`
    await prints(
      0,
      inProcess(['sim status --control', control], temporaryFolder()),
      'Simulated: edge7 · 1 switch · 0 under a commit timer · 1 request\n',
    )

    expect(await sim.stop()).toBe(0)
    expect([join(dir, '.eosflow/sim.json'), caFile].filter(existsSync)).toEqual([])
    expect((await inProcess('sim status', dir)).stderr).toContain('no simulator of this project is running')
  })

  test('[U18] a second simulator takes neither the note nor the authority of the first', {
    tags: 'long',
  }, async () => {
    const dir = await newProject()
    writeFileSync(join(dir, 'one.cfg'), CONFIG)
    const caFile = join(dir, '.eosflow/sim-ca.pem')
    const first = await start('sim start --config one.cfg --json', { cwd: dir })
    const ofFirst = JSON.parse(first.line)
    const second = await start('sim start --config one.cfg --name other --json', { cwd: dir })
    const ofSecond = JSON.parse(second.line)
    const both = readFileSync(caFile, 'utf8')
    expect([both.includes(ofFirst.ca), both.includes(ofSecond.ca)]).toEqual([true, true])
    await warns(
      3,
      inProcess('sim status', dir),
      '2 simulators of this project are running: 127.0.0.1:',
      '--control 127.0.0.1:PORT',
    )

    expect(await second.stop()).toBe(0)
    expect(readFileSync(caFile, 'utf8')).toBe(ofFirst.ca)
    await prints(0, inProcess('sim status', dir), 'Simulated: edge7 ')

    expect(await first.stop('SIGKILL')).toBeNull()
    const third = await start('sim start --config one.cfg --name third --json', { cwd: dir })
    expect(readFileSync(caFile, 'utf8')).toBe(JSON.parse(third.line).ca)
    await prints(0, inProcess('sim status', dir), 'Simulated: third ')
    expect(await third.stop()).toBe(0)
  })

  test('a fault strikes, and a bad one is refused with its place', { tags: ['long', 'turn'] }, async () => {
    const cwd = oneSwitch()
    const sim = await start('sim start --config running.cfg --json', { cwd })
    const ready = JSON.parse(sim.line)
    const flags = ['--control', `127.0.0.1:${ready.control.port}`]
    await prints(
      0,
      inProcess(['sim fault edge7', '{ kind: foreign-timer, seconds: 300 }', ...flags], cwd),
      'Fault: {"device":"edge7","kind":"foreign-timer","seconds":300} is set\n',
    )
    await prints(0, inProcess(['sim status', ...flags], cwd), /commit timer of \S+: (5m|4m 5\ds) left/)

    await warns(3, inProcess(['sim fault edge7', '{ kind: reboot, second: 3 }', ...flags], cwd), 'fault:1:17: ')
    await warns(
      3,
      inProcess(['sim fault edge8', '{ kind: reboot }', ...flags], cwd),
      'there is no switch `edge8` here: edge7',
    )
    await exits(3, inProcess(['sim fault edge7 12', ...flags], cwd))
    await exits(3, inProcess('sim status --control here', cwd))
    await sim.stop()
  })
})
