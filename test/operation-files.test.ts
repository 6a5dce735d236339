import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { commands } from '../src/cli/commands.ts'

const page = (file: string): string => readFileSync(new URL(`../docs/${file}`, import.meta.url), 'utf8')
const read = (file: string): string => page(`operation/${file}`)
/** Everything that somebody may copy or believe. */
const PAGES = [
  ...readdirSync(new URL('../docs', import.meta.url)).filter((file) => file.endsWith('.md')),
  ...readdirSync(new URL('../docs/operation', import.meta.url)).map((file) => `operation/${file}`),
]

/** What of a command line of eosflow is no command, or no option of it. */
function strangeIn([program = '', name = '', ...rest]: readonly string[]): readonly string[] {
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

test('compose.yaml has services whose commands there are, and a state that outlives them', () => {
  const { services, volumes } = parse(read('compose.yaml')) as {
    readonly services: Readonly<
      Record<string, { readonly command?: readonly string[]; readonly volumes: readonly string[] }>
    >
    readonly volumes: object
  }
  const own = Object.values(services).filter(({ command }) => command !== undefined)
  expect(own).toHaveLength(2)
  expect(own.flatMap(({ command = [] }) => strangeIn(command))).toEqual([])
  for (const { volumes: mounted } of own) expect(mounted).toContain('state:/srv/network/.eosflow')
  expect(Object.keys(volumes)).toEqual(['records', 'state'])
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
  const sectionOf = (title: string): string => operation.split(/^## /m).find((text) => text.startsWith(title)) ?? ''
  const saidIn = (title: string): readonly string[] =>
    [...sectionOf(title).matchAll(/`(systemctl [a-z -]+)`/g)].map(([, command = '']) => command)
  expect(saidIn('Restore')).toEqual(['systemctl disable --now eosflow-worker', 'systemctl enable --now eosflow-worker'])
  expect(saidIn('Upgrades')).toEqual([
    'systemctl stop eosflow-worker',
    'systemctl stop eosflow-worker eosflow-server',
    'systemctl start',
  ])
})
