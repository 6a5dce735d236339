import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { main } from '../../src/doors/cli/program.ts'
import { startFabric } from '../../src/lab/trial/start-fabric.ts'
import { running } from '../e2e/two-leaves.ts'
import { type HopServer, startHop } from '../eos/transport/ssh/hop-server.ts'
import { newKeyPair } from '../eos/transport/ssh/new-key-pair.ts'
import { temporaryFolder, typed, whereIs, workflowFor, writeFiles } from '../lab/lab.ts'
import { otlpReceiver } from '../project/app/trace/otlp-receiver.ts'
import { type Canary, search } from './canaries.ts'
import type { Main } from './lab.ts'

const HOP_PASSWORD = `cNryHop.*[a-z]+(x|y)$^{2}\\"'<&>`
const HOP_PASSPHRASE = 'cNryHop passphrase-schlüssel-鍵'
const TYPED_HOP = 'cNryTypedHop%2F/+=&?#-8127'
const TYPED_SWITCH = `cNryTypedSwitch-{json};'quoted'-4411`
const WRONG = 'cNryTypedWrong-password-9021'

/** Has what every span is sent with show a text, until the test is over. */
function inResource(text: string) {
  const before = process.env.OTEL_RESOURCE_ATTRIBUTES
  process.env.OTEL_RESOURCE_ATTRIBUTES = `deployment.note=${encodeURIComponent(text)}`
  onTestFinished(() => {
    if (before === undefined) delete process.env.OTEL_RESOURCE_ATTRIBUTES
    else process.env.OTEL_RESOURCE_ATTRIBUTES = before
  })
}

/** Leaves behind three jump hosts: one by a password, one by a key with a passphrase, one by a password that a person types, as that of the switches is. */
async function start(command: Main) {
  const [dir, secretsDir] = [temporaryFolder(), temporaryFolder()]
  const key = newKeyPair({ passphrase: HOP_PASSPHRASE, cipher: 'aes256-ctr', rounds: 1 })
  const hops = await Promise.all([
    startHop({ name: 'first', password: HOP_PASSWORD, takes: newKeyPair().public }),
    startHop({ name: 'second', takes: key.public }),
    startHop({ name: 'third', password: TYPED_HOP, takes: newKeyPair().public }),
  ])
  onTestFinished(async () => void (await Promise.all(hops.map((hop) => hop.kill()))))
  // Whatever reads a switch is shown all of them.
  const banner = `banner login\nuse ${[HOP_PASSWORD, HOP_PASSPHRASE, TYPED_HOP, TYPED_SWITCH].join(' or ')} here\nEOF\n!\n`
  const leaf = (n: number) => ({
    name: `leaf${n}`,
    eos: '4.32.2F',
    model: 'DCS-7050SX3-48YC8',
    serial: `JPE0000000${n}`,
    mac: `00:1c:73:00:00:0${n}`,
    config: running(`leaf${n}`, n).replace('vlan 110', () => `${banner}vlan 110`),
    managementOutside: true,
  })
  const fabric = await startFabric({
    fabric: {
      name: 'leaves',
      credentials: { username: 'admin', password: TYPED_SWITCH },
      devices: [leaf(1), leaf(2)],
      cabling: [],
      faults: [],
    },
  })
  onTestFinished(() => fabric.close())
  writeFileSync(join(secretsDir, 'key'), key.private, { mode: 0o600 })
  const [leaf1, leaf2] = [fabric.device('leaf1'), fabric.device('leaf2')]
  const jump = ({ hop: { host, port, hostKey } }: HopServer, more: object) => ({
    host,
    port,
    ssh: { hostKey: hostKey.mode === 'pin' ? hostKey.fingerprint : 'strict' },
    ...more,
  })
  writeFiles(dir, {
    'eosflow.yaml': 'version: 1\n',
    'ca.pem': fabric.ca,
    'inventory.yaml': JSON.stringify({
      defaults: { credentials: 'people', via: 'third' },
      credentials: {
        people: { username: 'admin' },
        first: { username: 'jumper', password: '${env:CNRY_HOP}' },
        second: { username: 'jumper', key: `\${file:${secretsDir}/key}`, passphrase: '${env:CNRY_HOP_PASS}' },
        third: { username: 'ann' },
      },
      jumps: {
        first: jump(hops[0], { credentials: 'first' }),
        second: jump(hops[1], { credentials: 'second', via: 'first' }),
        third: jump(hops[2], { credentials: 'third', via: 'second' }),
      },
      devices: {
        leaf1: { host: leaf1.https.host, port: leaf1.https.port, tls: { ca: 'ca.pem' }, tags: { mlag: 'leaf1' } },
        leaf2: {
          host: leaf2.ssh.host,
          port: leaf2.ssh.port,
          transport: 'ssh',
          ssh: { hostKey: leaf2.ssh.hostKey },
          tags: { mlag: 'leaf2' },
        },
      },
    }),
    'vlan.yaml': workflowFor('leaf1 or leaf2', { rollout: '{ waves: [1, 1], keepApart: mlag }' }),
    'fails.yaml': workflowFor('leaf1', {
      lines: ['vlan 999'],
      verify: '{ within: 2s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
    }),
  })
  const receiver = await otlpReceiver()
  inResource([HOP_PASSWORD, HOP_PASSPHRASE, TYPED_HOP, TYPED_SWITCH].join(' or '))
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, CNRY_HOP: HOP_PASSWORD, CNRY_HOP_PASS: HOP_PASSPHRASE }
  const printed: (readonly [string, string])[] = []
  const ends: (readonly [string, number])[] = []
  const answers = (line: string, passwords: readonly string[]) =>
    line.includes('--ask-password') ? [...passwords, 'yes'] : ['yes']
  return {
    fabric,
    hops,
    ends,
    receiver,
    secrets: [
      { name: 'the password of a jump host', value: HOP_PASSWORD },
      { name: 'the passphrase of the key for a jump host', value: HOP_PASSPHRASE },
      { name: 'a password for a jump host that a person types', value: TYPED_HOP },
      { name: 'a password for switches that a person types', value: TYPED_SWITCH },
    ] satisfies readonly Canary[],
    never: [
      { name: 'a wrong password that a person types', value: WRONG },
      { name: 'the key for a jump host', value: key.private.trim() },
      ...key.private
        .split('\n')
        .slice(1, -2)
        .map((value, index) => ({ name: `line ${index} of that key`, value })),
    ] satisfies readonly Canary[],
    run: async (line: string, passwords: readonly string[] = [TYPED_SWITCH, TYPED_HOP], vars: object = {}) => {
      const asked: string[] = []
      const ended = await typed(
        dir,
        line.split(' ').map((word) => word.replace('show_', 'show ')),
        {
          command,
          env: { ...env, ...vars },
          answers: answers(line, passwords),
          asks: (question) => void asked.push(question),
        },
      )
      ends.push([line, ended.code])
      printed.push([`${printed.length} ${line}`, ended.out + ended.err + asked.join('')])
      return ended
    },
    written: () =>
      new Map([
        ...receiver.bodies.map((text, index): [string, Buffer] => [`spans ${index}`, Buffer.from(text)]),
        ...printed.map(([name, text]): [string, Buffer] => [name, Buffer.from(text)]),
        ...readdirSync(dir, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1))
          .map((path): [string, Buffer] => [path, readFileSync(join(dir, path))]),
      ]),
  }
}

test('no secret of a jump host, and no password that a person types, is in a byte that is printed or stored', {
  tags: ['long', 'turn'],
  timeout: 240_000,
}, async () => {
  const { run, written, secrets, never, ends, fabric, hops, receiver } = await start(main)
  for (const line of [
    'doctor --ask-password -vv',
    'facts --ask-password --json',
    'inventory show leaf1 --json',
    'plan vlan.yaml -o p.plan --ask-password -vv',
    'plan vlan.yaml --json --ask-password',
    'show p.plan --json',
    'approve p.plan',
    'run p.plan --ask-password -vv',
    'run fails.yaml --ask-password -vv',
    'history @latest --json',
    'config backup kept --ask-password',
    'ask show_running-config --save answers --ask-password',
    'record -o fabrics/mine --ask-password',
    'audit export --format jsonl --to audit.jsonl',
    'audit export --format otlp',
  ])
    await run(line)
  await run('doctor --ask-password -vv', [WRONG, TYPED_HOP])
  await run('doctor --ask-password -vv', [TYPED_SWITCH, WRONG])
  await run('facts --ask-password -vv', undefined, { CNRY_HOP_PASS: WRONG })
  await run('facts --ask-password -vv', undefined, { CNRY_HOP: WRONG })
  const places = written()
  expect(search(places, [...secrets, ...never])).toEqual([])
  // It has gone its whole way: the change is on both switches, the other one was put back, and every jump host took part.
  expect(fabric.devices.map(whereIs)).toEqual(['AFTER', 'AFTER'])
  expect(ends).toEqual(
    expect.arrayContaining([
      ['run p.plan --ask-password -vv', 0],
      ['run fails.yaml --ask-password -vv', 6],
      ['history @latest --json', 0],
      ['audit export --format jsonl --to audit.jsonl', 0],
    ]),
  )
  expect(hops.map(({ seen }) => seen.find((one) => one.startsWith('login')))).toEqual([
    'login jumper password',
    'login jumper publickey',
    'login ann password',
  ])
  expect([...places.keys()]).toEqual(expect.arrayContaining(['.eosflow/store.db', 'p.plan', 'audit.jsonl']))
  expect([receiver.faults, receiver.spans().length > 40]).toEqual([[], true])
  expect(receiver.resource['deployment.note']).toBe('<redacted> or <redacted> or <redacted> or <redacted>')
  expect(never.length).toBeGreaterThan(5)
  expect([...places.values()].reduce((sum, { length }) => sum + length, 0)).toBeGreaterThan(200_000)
})
