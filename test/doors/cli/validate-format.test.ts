import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exits, inProcess, json, prints, shows, temporaryFolder, warns, workflowFor } from '../../lab/lab.ts'

const GOOD = `name: w
targets: '*'
change: { lines: [vlan 5] }
steps: [snapshot, plan, push, { verify: { checks: [reachable] } }, confirm]
`
const INVENTORY =
  'defaults: { credentials: lab }\ncredentials: { lab: { username: u, password: "${env:P}" } }\ndevices: { leaf1: { host: 127.0.0.1 } }\n'

/** A repository with a project in a folder of it. */
function repository(workflow: string) {
  const root = temporaryFolder()
  const project = join(root, 'network')
  mkdirSync(join(root, '.git'))
  mkdirSync(join(project, 'workflows'), { recursive: true })
  writeFileSync(join(project, 'eosflow.yaml'), 'version: 1\n')
  writeFileSync(join(project, 'inventory.yaml'), INVENTORY)
  writeFileSync(join(project, 'workflows/w.yaml'), workflow)
  return { root, project }
}

describe('validate --format', () => {
  test('github: the path is from the root of the repository, wherever it is typed, and the exit code is 3', async () => {
    const { root, project } = repository(GOOD.replace('targets', 'tragets'))
    for (const [dir, argv] of [
      [project, ['validate --format github']],
      [project, ['validate workflows/w.yaml --format github']],
      [root, ['validate -C network --format github']],
    ] as const) {
      const { stdout, stderr } = await exits(3, inProcess(argv, dir))
      expect(stderr).toBe('')
      expect(stdout).toBe(
        '::error file=network/workflows/w.yaml,line=2,endLine=2,col=1,title=eosflow unknown-key::the key `tragets` is not known%0Adid you mean `targets`?\n',
      )
    }
  })

  test('gitlab and sarif: the document is on stdout alone, and a person reads the log', async () => {
    const { project } = repository(GOOD.replace('targets', 'tragets'))
    for (const format of ['gitlab', 'sarif']) {
      expect(
        JSON.stringify(
          await json(
            warns(
              3,
              inProcess(['validate --format', format], project),
              'workflows/w.yaml:2:1: the key `tragets` is not known',
            ),
          ),
        ),
      ).toContain('network/workflows/w.yaml')
    }
  })

  test('a project whose settings are what is wrong', async () => {
    const { project } = repository(GOOD)
    writeFileSync(join(project, 'eosflow.yaml'), 'version: 1\nstroe: x\n')
    await prints(
      3,
      inProcess('validate --format github', project),
      '::error file=network/eosflow.yaml,line=2,endLine=2,col=1,title=eosflow unknown-key::',
    )
  })

  test('nothing wrong: exit 0, an empty document', async () => {
    const { project } = repository(GOOD)
    expect(await inProcess('validate --format github', project)).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(await inProcess('validate --format gitlab', project)).toEqual({
      code: 0,
      stdout: '[]\n',
      stderr: '',
    })
    expect((await json(exits(0, inProcess('validate --format sarif', project)))).runs[0].results).toEqual([])
  })

  test('bad habits are warnings: exit 0', async () => {
    const { project } = repository(GOOD.replace('[vlan 5]', "['vlan 5', 'enable secret abc']"))
    const { stdout } = await prints(
      0,
      inProcess('validate --format github', project),
      /^::warning file=network\/workflows\/w\.yaml,line=3,.*title=eosflow mixed-change::/m,
    )
    expect(stdout).not.toContain('abc')
  })

  test.each([
    [['--format', 'checkstyle'], '--format: `checkstyle` is not a format of problems'],
    [['--format', 'github', '--json'], '--format: --format beside --json'],
    [['--format', 'github', '--graph', 'dot', 'workflows/w.yaml'], '--format: --format beside --graph'],
  ])('%s is refused', async (flags, message) => {
    const { project } = repository(GOOD)
    await shows(3, inProcess(['validate', ...flags], project), message)
  })
})

const SETTINGS = 'version: 1\n'
const devices = (way: string) =>
  `version: 1\ncredentials: { o: { username: u, password: '\${env:PASSWORD}' } }\ndevices:\n  leaf1: { host: 192.0.2.1, credentials: o, ${way} }\n`

test.each([
  ['tls: ca:', SETTINGS, devices('tls: { ca: certs/ca.pem }'), 'inventory.yaml:4:56'],
  [
    'ssh: knownHosts: that is strict',
    SETTINGS,
    devices('transport: ssh, ssh: { knownHosts: certs/ca.pem, hostKey: strict }'),
    'inventory.yaml:4:80',
  ],
  [
    'secrets: vault: ca:',
    "version: 1\nsecrets:\n  vault:\n    address: https://vault.example\n    login: { token: '${env:VAULT_TOKEN}' }\n    ca: certs/ca.pem\n",
    devices('port: 443'),
    'eosflow.yaml:6:9',
  ],
  [
    'http: ca:',
    "version: 1\nhttp: { key: '${env:K}', hosts: [{ origin: https://ipam.example, ca: certs/ca.pem }] }\n",
    devices('port: 443'),
    'eosflow.yaml:2:70',
  ],
])('[U20] validate misses the file that %s names', async (_, settings, inventory, place) => {
  const dir = temporaryFolder({ 'eosflow.yaml': settings, 'inventory.yaml': inventory })
  const missing = await exits(3, inProcess('validate', dir))
  expect(missing.stderr).toBe(
    `✖ ${place}: there is no file \`certs/ca.pem\` in the project\n    Check the path, which is from the folder of the project.\n1 problem: nothing was contacted.\n`,
  )
  mkdirSync(join(dir, 'certs'))
  writeFileSync(join(dir, 'certs/ca.pem'), '')
  expect((await inProcess('validate', dir)).stderr).toBe('')
})

test('[U20] validate takes a file of keys that is written at first sight', async () => {
  const dir = temporaryFolder({ 'eosflow.yaml': SETTINGS })
  for (const way of ['tls: { tofu: certs/pins }', 'transport: ssh, ssh: { knownHosts: certs/known_hosts }']) {
    writeFileSync(join(dir, 'inventory.yaml'), devices(way))
    expect((await inProcess('validate', dir)).stderr, way).toBe('')
  }
})

const WORKERS = (ttl: string) => `version: 1
store: postgres://eosflow@127.0.0.1/eosflow
workers: { dispatch: dbos${ttl} }
`
const TWO_SWITCHES = `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: admin, password: admin, simulated: true } }
devices:
  leaf1: { host: 127.0.0.1, port: 1 }
  leaf2: { host: 127.0.0.1, port: 2 }
`

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'eosflow-failover-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

describe('where workers drive, a commit timer outlives the death of one', () => {
  const write = (settings: string, confirmWithin: string) => {
    writeFileSync(join(dir, 'eosflow.yaml'), settings)
    writeFileSync(join(dir, 'inventory.yaml'), TWO_SWITCHES)
    writeFileSync(join(dir, 'w.yaml'), workflowFor('leaf1 or leaf2', { push: `{ confirmWithin: ${confirmWithin} }` }))
  }

  test.each([
    ['without workers', '2m', 'valid', 'version: 1\n'],
    ['without workers, with a term', '2m', 'valid', 'version: 1\nworkers: { ttl: 60s }\n'],
    ['ttl 60s', '2m13s', 'refused', WORKERS(', ttl: 60s')],
    ['ttl 60s', '2m14s', 'a warning', WORKERS(', ttl: 60s')],
    ['ttl 60s', '2m43s', 'a warning', WORKERS(', ttl: 60s')],
    ['ttl 60s', '2m44s', 'valid', WORKERS(', ttl: 60s')],
    ['the usual ttl', '1m23s', 'refused', WORKERS('')],
    ['the usual ttl', '1m24s', 'a warning', WORKERS('')],
    ['the usual ttl', '1m54s', 'valid', WORKERS('')],
  ])('%s, confirmWithin %s: %s', async (_, confirmWithin, judged, settings) => {
    write(settings, confirmWithin)
    const { code, stdout, stderr } = await inProcess('validate w.yaml', dir)
    const warned = /may run out when a worker dies/.test(stdout + stderr)
    expect([code, warned], stdout + stderr).toEqual([judged === 'refused' ? 3 : 0, judged === 'a warning'])
  })

  test('the sum says what is missing, and the hint what would do', async () => {
    write(WORKERS(', ttl: 60s'), '2m')
    const { stderr } = await inProcess('validate w.yaml', dir)
    expect(stderr).toContain(
      'the commit timer of 2m cannot hold: 40s of verification in 2 waves + 3s to push and confirm 2 switches + 1m until a worker that died is replaced (`ttl`) + 30s in reserve is 2m13s',
    )
    expect(stderr).toMatch(/set `confirmWithin` above 2m13s, or .*`ttl` of `workers` to 46s at most/)
  })

  test('also before anything is known of switches: a workflow without an inventory', async () => {
    write(WORKERS(', ttl: 60s'), '1m50s')
    rmSync(join(dir, 'inventory.yaml'))
    await warns(
      3,
      inProcess('validate w.yaml', dir),
      '+ 1m until a worker that died is replaced (`ttl`) + 30s in reserve is 1m52s',
    )
  })
})
