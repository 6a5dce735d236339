import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type RunningFabric, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { bundled } from '../../../src/project/system/bundled.ts'
import { exits, fileText, inProcess, listenInTest, prints, temporaryFolder, warns } from '../../lab/lab.ts'
import { startService } from '../../lab/service.ts'
import { eosflow, newProject, pointInventoryAt, start } from './eosflow.ts'

const CHANGE = 'workflows/add-vlan.yaml -p vlan=140 -p label=PROD-CACHE'

/** Every command that asks or changes switches of a new project, with nothing on record. */
const COMMANDS: readonly (readonly string[])[] = [
  [`plan ${CHANGE}`],
  [`run ${CHANGE}`],
  ['ask', 'show version', '-t', 'leaf1'],
  ['check run catalog.yaml -t leaf1'],
  ['doctor'],
  ['facts -t leaf1'],
  ['snapshot take before'],
  ['sessions list'],
  ['sessions gc'],
  ['adopt leaf1'],
  ['drift --against', 'fabrics/dc1/{{ device.name }}/running-config'],
  ['recover --scan'],
  ['config backup copies'],
  ['record -t leaf1 -o fabrics/mine'],
]

async function fabricOf(project: string) {
  const fabric = await startFabric({ folder: bundled('fixtures/dc1'), project })
  onTestFinished(() => fabric.close())
  return fabric
}

function asked({ devices }: RunningFabric) {
  return devices.reduce((sum, { counters }) => sum + counters().requests, 0)
}

describe("another project's simulator", () => {
  test('[3C4] is asked nothing by any command, over eAPI, HTTPS and SSH', { tags: 'long' }, async () => {
    const [theirs, ours] = [await newProject(), await newProject()]
    const fabric = await fabricOf(theirs)
    pointInventoryAt(ours, fabric.devices)
    const http = fileText(ours, 'inventory.yaml')
    const over = (wire: 'https' | 'ssh', defaults: string) =>
      fabric.devices.reduce(
        (text, one) => text.replace(`port: ${one.http.port}`, `port: ${one[wire].port}`),
        http.replace('{ protocol: http,', `{ ${defaults},`),
      )
    const inventories = [
      http,
      over('https', 'protocol: https, tls: { insecure: true }'),
      over('ssh', `transport: ssh, ssh: { hostKey: '${fabric.device('leaf1').ssh.hostKey}' }`),
    ]
    writeFileSync(join(ours, 'catalog.yaml'), 'anta.tests.software:\n  - VerifyEOSVersion: { versions: [4.32.2F] }\n')
    let looked = 0
    for (const inventory of inventories) {
      writeFileSync(join(ours, 'inventory.yaml'), inventory)
      for (const command of inventory === http ? COMMANDS : COMMANDS.slice(0, 4)) {
        const { code, stdout, stderr } = await inProcess([...command, '--insecure-tls'], ours)
        const said = `${command.join(' ')} ${code}\n${stdout}${stderr}`
        expect(said).toMatch(
          new RegExp(`leaf1 of the simulator of the project ${theirs} \\(\\S+, process ${process.pid}\\)`),
        )
        expect(code, said).not.toBe(0)
        looked += 1
      }
    }
    expect(looked).toBe(COMMANDS.length + 8)
    expect(asked(fabric)).toBe(0)
    writeFileSync(join(ours, 'inventory.yaml'), http)
    fabric.belongTo(ours)
    await exits(0, inProcess(`plan ${CHANGE} -t leaf1`, ours))
  })
  test('of another switch of this project is not taken for the one that is named', async () => {
    const dir = await newProject()
    const fabric = await fabricOf(dir)
    const [leaf1, leaf2] = [fabric.device('leaf1'), fabric.device('leaf2')]
    pointInventoryAt(dir, [
      { name: 'leaf1', http: leaf2.http },
      { name: 'leaf2', http: leaf1.http },
    ])
    await prints(
      10,
      inProcess(['ask', 'show version', '-t', 'leaf1'], dir),
      `what answers at 127.0.0.1 port ${leaf2.http.port} is leaf2 of the simulator`,
    )
    expect(asked(fabric)).toBe(0)
  })
})

describe('what is no simulator', () => {
  test('[3C4] is sent no login, over eAPI and over SSH', async () => {
    const dir = await newProject()
    const { port: http, seen } = await startService((_request, response) => response.end('{}'))
    const ssh = await listenInTest(
      createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_8.7\r\n')),
    )
    pointInventoryAt(dir, [{ name: 'leaf1', http: { port: http } }])
    await prints(
      10,
      inProcess(['ask', 'show version', '-t', 'leaf1'], dir),
      `what answers at 127.0.0.1 port ${http} is another program, and not leaf1 of this project's simulator`,
    )
    expect(seen.map(({ method, headers }) => `${method} ${headers.authorization}`)).toEqual(['GET undefined'])
    const text = fileText(dir, 'inventory.yaml')
    writeFileSync(
      join(dir, 'inventory.yaml'),
      text.replace('{ protocol: http,', '{ transport: ssh, ssh: { hostKey: tofu },').replace(String(http), String(ssh)),
    )
    await prints(
      10,
      inProcess(['ask', 'show version', '-t', 'leaf1'], dir),
      `what answers at 127.0.0.1 port ${ssh} is another program`,
    )
  })
})

describe('two projects', () => {
  test('[3C4] run side by side on the ports that init gave them, and who takes a port of another is told whose it is', {
    tags: 'long',
  }, async () => {
    const [one, two] = [await newProject(), await newProject()]
    const fabrics = await Promise.all([one, two].map((cwd) => start('sim start fabrics/dc1 --json', { cwd })))
    for (const cwd of [one, two]) await exits(0, eosflow(`plan ${CHANGE}`, { cwd }))
    writeFileSync(join(two, 'inventory.yaml'), readFileSync(join(one, 'inventory.yaml')))
    await warns(10, eosflow(`plan ${CHANGE}`, { cwd: two }), `of the simulator of the project ${one} (`)
    await fabrics[1]?.stop()
    await warns(
      9,
      eosflow('sim start fabrics/dc1', { cwd: two }),
      new RegExp(
        `port \\d+ on 127.0.0.1 is taken by \\w+ of the simulator of the project ${one} \\(\\S+, process \\d+\\)`,
      ),
    )
    const elsewhere = temporaryFolder({ 'leaf1.cfg': 'hostname leaf1\n!\nend\n' })
    const nobodys = await start('sim start --config leaf1.cfg --json', { cwd: elsewhere })
    pointInventoryAt(two, JSON.parse(nobodys.line).devices)
    await prints(
      10,
      eosflow(['ask', 'show version', '-t', 'leaf1'], { cwd: two }),
      'is leaf1 of the simulator of no project (',
    )
  })
  test('[3C4b] have no part in the simulator of the project that they were copied from', { tags: 'long' }, async () => {
    const dir = await newProject()
    await start('sim start fabrics/dc1 --json', { cwd: dir })
    const copy = join(temporaryFolder({}), 'copy')
    cpSync(dir, copy, { recursive: true })
    await exits(0, eosflow('sim status', { cwd: dir }))
    for (const command of [['sim status'], ['sim fault leaf1', '{ kind: unreachable }']]) {
      await warns(10, eosflow(command, { cwd: copy }), 'no simulator of this project is running')
    }
  })

  test('have other ports, and a second init keeps those that are written', { tags: 'long' }, async () => {
    const [one, two] = [await newProject(), await newProject()]
    const portsOf = (dir: string) =>
      [...fileText(dir, 'inventory.yaml').matchAll(/port: (\d+)/g)].map(([, port = '']) => port)
    expect(new Set([...portsOf(one), ...portsOf(two)]).size).toBe(12)
    const before = portsOf(one)
    const taken = createServer()
    taken.listen(Number(before[0]), '127.0.0.1')
    onTestFinished(() => void taken.close())
    await exits(0, inProcess('init', one))
    expect(portsOf(one)).toEqual(before)
  })
})
