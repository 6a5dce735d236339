import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '../../src/doors/cli/usage/commands.ts'
import { requireServable } from '../../src/doors/http/serve.ts'
import { parseSettings, type Settings } from '../../src/project/files/settings/settings.ts'
import { readStoreAddress } from '../../src/project/files/settings/store-address.ts'
import { composeFile, composeSettings } from './compose-file.ts'

const page = (file: string) => readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')
const read = (file: string) => page(`operation/${file}`)
/** Everything that somebody may copy or believe. */
const PAGES = [
  ...readdirSync(new URL('../../docs', import.meta.url)).filter((file) => file.endsWith('.md')),
  ...readdirSync(new URL('../../docs/operation', import.meta.url)).map((file) => `operation/${file}`),
]

/** What of a command line of eosflow is no command, or no option of it. */
function strangeIn([program = '', name = '', ...rest]: readonly string[]) {
  const command = commands.find(({ usage }) => usage.split(' ')[0] === name)
  if (!program.endsWith('eosflow') || command === undefined) return [`${program} ${name}`]
  const flags = (command.options ?? []).flatMap(({ flags: said }) => said.split(/[ ,]+/))
  return rest.filter((word) => word.startsWith('-') && !flags.includes(word))
}

const UNIT = /^(?:\[(?:Unit|Service|Install)\]|[A-Z][A-Za-z]+=\S.*|#.*|)$/

test.each([
  ['eosflow-worker.service', '/srv/network/.eosflow'],
  // An event that names a commit has it fetched into the repository of the project.
  ['eosflow-server.service', '/srv/network/.eosflow -/srv/network/.git'],
])('%s is a unit whose command there is', (file, written) => {
  const lines = read(file).split('\n')
  expect(lines.filter((line) => !UNIT.test(line))).toEqual([])
  const started = lines.filter((line) => line.startsWith('ExecStart=')).map((line) => line.slice(10).split(' '))
  expect(started).toHaveLength(1)
  expect(started.flatMap(strangeIn)).toEqual([])
  // systemd waits for as long as a worker may need, and sends the signal to it alone.
  expect(lines).toContain('TimeoutStopSec=20min')
  expect(lines).toContain('KillMode=mixed')
  // The folder is there before systemd makes it writable; the keys of identity providers have a folder that is.
  expect(lines).toContain(`ReadWritePaths=${written}`)
  expect(lines).toContain('ExecStartPre=+/usr/bin/install -d -o eosflow -m 0700 /srv/network/.eosflow')
  expect(lines.filter((line) => /^(?:StateDirectory|Environment)=/.test(line))).toEqual([
    'StateDirectory=eosflow',
    'Environment=XDG_STATE_HOME=%S/eosflow',
  ])
  // Started again however often the database is away; named by no limit.
  expect(lines).toContain('StartLimitIntervalSec=0')
})

test('compose.yaml has services whose commands there are, in an order, and a state that outlives them', () => {
  const { services, volumes } = composeFile({ ADMIN_DB: 'a', EOSFLOW_DB: 'b' })
  const own = Object.entries(services).filter(([, { image }]) => image === 'eosflow')
  expect(own.map(([name]) => name)).toEqual(['init', 'worker', 'server'])
  expect(own.flatMap(([, { command = [] }]) => strangeIn(command))).toEqual([])
  for (const [, { volumes: mounted = [] }] of own) expect(mounted).toContain('state:/srv/network/.eosflow')
  expect(Object.keys(volumes)).toEqual(['records', 'state', 'certificates'])
  // Who waits for whom, and for what; only what runs on is begun again.
  expect(
    Object.entries(services).map(([name, { depends_on: waits = {}, restart = 'no' }]) => [
      name,
      restart,
      ...Object.entries(waits).map(([other, { condition }]) => `${other} ${condition}`),
    ]),
  ).toEqual([
    ['prepare', 'no'],
    ['postgres', 'on-failure', 'prepare service_completed_successfully'],
    ['init', 'no', 'postgres service_healthy'],
    ['users', 'no', 'init service_completed_successfully'],
    ['worker', 'on-failure', 'users service_completed_successfully'],
    ['server', 'on-failure', 'users service_completed_successfully'],
  ])
})

test('the addresses and the settings of compose.yaml are those that eosflow takes', () => {
  const { services } = composeFile({ ADMIN_DB: 'a', EOSFLOW_DB: 'b' })
  const read = parseSettings(composeSettings(), 'eosflow.yaml')
  const value = read.ok ? read.value : undefined
  expect(read.ok ? [] : read.problems).toEqual([])
  const addresses = [value?.store ?? '', services.init?.command?.[3] ?? '']
  const tls = { rootCertificate: '/certificates/ca.pem' }
  const there = { host: 'postgres', port: 5432, database: 'eosflow', tls }
  expect(addresses.map(readStoreAddress)).toEqual([
    { ...there, user: 'eosflow', password: `\${env:EOSFLOW_DB}` },
    { ...there, user: 'postgres', password: `\${env:ADMIN_DB}` },
  ])
  expect(services.server?.environment?.EOSFLOW_DB).toBe('b')
  expect(services.init?.environment?.ADMIN_DB).toBe('a')
  // A port that is published leads to the address of the container, where nobody hears who listens on loopback.
  expect(services.server?.ports).toEqual(['127.0.0.1:7474:7474'])
  expect(value?.server).toMatchObject({ listen: '0.0.0.0:7474', publicUrl: 'https://localhost:7474' })
  expect(() => requireServable({ settings: value as Settings, policyPresent: true })).not.toThrow()
  expect(value?.workers).toMatchObject({ dispatch: 'dbos', durability: 'single' })
})

test('who has drained stays ended, by every unit, compose file and page', () => {
  const said = PAGES.flatMap((file) =>
    [...page(file).matchAll(/\b[Rr]estart(?:=|: )(always|on-[a-z]+|no|unless-stopped)\b/g)].map(
      ([, how]) => `${file}: ${how}`,
    ),
  )
  expect(said).toEqual([
    'control-room.md: on-failure',
    'several-servers.md: on-failure',
    'workers.md: on-failure',
    'workers.md: on-failure',
    'operation/compose.yaml: on-failure',
    'operation/compose.yaml: on-failure',
    'operation/compose.yaml: on-failure',
    'operation/eosflow-server.service: on-failure',
    'operation/eosflow-worker.service: on-failure',
  ])
})

test('the unit of the control room is on its page, line for line', () => {
  const unit = read('eosflow-server.service')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
  expect(page('control-room.md')).toContain(`\`\`\`ini\n${unit}\`\`\`\n`)
})

test('a restore and a new layout say how processes are kept ended, and started', () => {
  const operation = page('operation.md')
  const sectionOf = (title: string) => operation.split(/^## /m).find((text) => text.startsWith(title)) ?? ''
  const saidIn = (title: string) =>
    [...sectionOf(title).matchAll(/`(systemctl [a-z -]+)`/g)].map(([, command = '']) => command)
  expect(saidIn('Restore')).toEqual(['systemctl disable --now eosflow-worker', 'systemctl enable --now eosflow-worker'])
  expect(saidIn('Upgrades')).toEqual([
    'systemctl stop eosflow-worker',
    'systemctl stop eosflow-worker eosflow-server',
    'systemctl start',
  ])
})
