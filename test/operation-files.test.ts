import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { commands } from '../src/cli/commands.ts'

const read = (file: string): string => readFileSync(new URL(`../docs/operation/${file}`, import.meta.url), 'utf8')

/** What of a command line of eosflow is no command, or no option of it. */
function strangeIn([program = '', name = '', ...rest]: readonly string[]): readonly string[] {
  const command = commands.find(({ usage }) => usage.split(' ')[0] === name)
  if (!program.endsWith('eosflow') || command === undefined) return [`${program} ${name}`]
  const flags = (command.options ?? []).flatMap(({ flags: said }) => said.split(/[ ,]+/))
  return rest.filter((word) => word.startsWith('-') && !flags.includes(word))
}

const UNIT = /^(?:\[(?:Unit|Service|Install)\]|[A-Z][A-Za-z]+=\S.*|#.*|)$/

test.each(['eosflow-worker.service', 'eosflow-server.service'])('%s is a unit whose command there is', (file) => {
  const lines = read(file).split('\n')
  expect(lines.filter((line) => !UNIT.test(line))).toEqual([])
  const started = lines.filter((line) => line.startsWith('ExecStart=')).map((line) => line.slice(10).split(' '))
  expect(started).toHaveLength(1)
  expect(started.flatMap(strangeIn)).toEqual([])
  // systemd waits for as long as a worker may need, and lets it write where it remembers.
  expect(lines).toContain('TimeoutStopSec=20min')
  expect(lines).toContain('ReadWritePaths=/srv/network/.eosflow')
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
