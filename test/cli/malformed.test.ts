import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { everyNth } from '../extent.ts'
import { openLab, type SocketLab } from '../lab/lab.ts'
import { MALFORMED, type MalformedCase } from '../malformed/cases.ts'
import { PROJECT } from '../malformed/project.ts'
import { eosflow } from './eosflow.ts'

/** The command that reads each kind of input first. */
function commandLine({ kind, given = {} }: MalformedCase): readonly string[] {
  if (kind === 'fabric') return ['sim', 'start', 'fabrics/two']
  if (kind === 'plan') return ['run', 'saved.plan']
  if (kind === 'catalog') return ['check', 'run']
  const typed = Object.entries(given).flatMap(([name, value]) => ['-p', `${name}=${value}`])
  return ['plan', 'workflows/w.yaml', '--params', 'params.yaml', ...typed]
}

/** The project of a case, with switches that answer behind the addresses of its inventory. */
async function startProject({ files }: Pick<MalformedCase, 'files'>): Promise<SocketLab> {
  const bench = await openLab({ world: 'sockets', switches: leaves(2), files: {} })
  const ports: Readonly<Record<string, string>> = {
    '18081': String(bench.fabric.device('leaf1').http.port),
    '18082': String(bench.fabric.device('leaf2').http.port),
  }
  for (const [path, content] of Object.entries({ ...PROJECT, ...files })) {
    const file = join(bench.dir, path)
    mkdirSync(dirname(file), { recursive: true })
    const text = typeof content === 'string' ? content.replace(/1808[12]/g, (port) => ports[port] ?? port) : content
    writeFileSync(file, text)
  }
  return bench
}

function expectNothingContacted({ fabric }: SocketLab): void {
  for (const { name, counters } of fabric.devices) {
    expect({ name, requests: counters().requests, connections: counters().connections }).toEqual({
      name,
      requests: 0,
      connections: 0,
    })
  }
}

/** Where a problem is, as it is printed: a flag has no lines. */
const placeOf = ({ expect: { file, line, column } }: MalformedCase): string =>
  file.startsWith('-p ') ? `${file}: ` : `${file}:${line}:${column}: `

/** The first two of each kind: the rest run in this process, over the same `main`. */
const AS_A_PROCESS = MALFORMED.filter(
  (malformed, index) => MALFORMED.slice(0, index).filter(({ kind }) => kind === malformed.kind).length < 2,
)

describe('malformed input', () => {
  test('the switches behind the project answer when nothing is malformed', async () => {
    const bench = await startProject({ files: {} })
    const { code, err } = await bench.eosflow('plan', 'workflows/w.yaml', '--params', 'params.yaml')
    expect(err).toContain('2 to change')
    expect(code).toBe(0)
    for (const { counters } of bench.fabric.devices) expect(counters().connections).toBeGreaterThan(0)
  })

  test.each(everyNth(4, 'malformed inputs', MALFORMED))(
    '$kind: $name: is named with its place and mend, and nothing is contacted',
    async (malformed) => {
      const bench = await startProject(malformed)
      const { code, out, err } = await bench.eosflow(...commandLine(malformed))
      expect(err).toContain(placeOf(malformed))
      expect(err).toContain(malformed.expect.hint)
      expect(err).toMatch(/\n\d+ problems?: nothing was contacted\.\n$/)
      expect(out).toBe('')
      expect(code).toBe(3)
      expectNothingContacted(bench)
    },
  )

  test.each(everyNth(4, 'malformed inputs with --json', MALFORMED))(
    '[G70] $kind: $name: is one JSON document with --json',
    async (malformed) => {
      const bench = await startProject(malformed)
      const { code, out } = await bench.eosflow(...commandLine(malformed), '--json')
      const { version, error, exitCode } = JSON.parse(out) as {
        version: number
        error: { kind: string; problems: { at: object; hint: string; message: string }[] }
        exitCode: number
      }
      const { hint, ...at } = malformed.expect
      expect({ version, kind: error.kind, exitCode }).toEqual({ version: 1, kind: 'input', exitCode: 3 })
      expect(error.problems[0]?.at).toEqual(at)
      expect(error.problems[0]?.hint).toContain(hint)
      expect(code).toBe(3)
      expectNothingContacted(bench)
    },
  )

  test.each(everyNth(4, 'malformed inputs of the built command', AS_A_PROCESS))(
    '$kind: $name: by the built command',
    { tags: 'night' },
    async (malformed) => {
      const bench = await startProject(malformed)
      const { code, stdout, stderr } = await eosflow(commandLine(malformed), { cwd: bench.dir })
      expect(stderr).toContain(placeOf(malformed))
      expect(stderr).toContain(malformed.expect.hint)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expectNothingContacted(bench)
    },
  )

  test('there are thirty and more, of which ten and more as a process', () => {
    expect(MALFORMED.length).toBeGreaterThanOrEqual(30)
    expect(AS_A_PROCESS.length).toBeGreaterThanOrEqual(10)
  })

  test.each(['approve', 'reject', 'show', 'run'])('%s: a damaged plan file', async (command) => {
    const bench = await startProject({ files: { 'saved.plan': '{ "version": 1,\n  "digest": }' } })
    const { code, err } = await bench.eosflow(command, 'saved.plan')
    expect(err).toMatch(/^✖ saved\.plan:2:13: /)
    expect(code).toBe(3)
    expectNothingContacted(bench)
  })

  test('validate finds the problems of all files at once', async () => {
    const bench = await startProject({
      files: {
        'workflows/w.yaml': String(PROJECT['workflows/w.yaml']).replace('targets:', 'tragets:'),
        'inventory.yaml': String(PROJECT['inventory.yaml']).replace('credentials: sim }', 'credentials: sym }'),
      },
    })
    const { code, out, err } = await bench.eosflow('validate')
    expect(out + err).toMatch(/workflows\/w\.yaml:5:1: /)
    expect(out + err).toMatch(/inventory\.yaml:1:42: /)
    expect(code).toBe(3)
    expectNothingContacted(bench)
  })
})

describe('a line that the switch refuses', () => {
  test.each([1, 2])('line %i: exit 10, with its own words, and the session is gone', async (line) => {
    const bench = await openLab({ world: 'sockets', switches: leaves(2), ...PROJECT_FILES })
    const message = '% Invalid input (at token 1)'
    await bench.fabric.fault({ device: 'leaf1', kind: 'refuse-line', line, message })
    const { code, out } = await bench.eosflow('run', 'workflows/add-vlan.yaml', '-p', 'vlan=120')
    const typed = ['vlan 120', 'name TENANT-A'][line - 1]
    expect(out).toContain(`leaf1 refused line ${line} of the change, '${typed}': % Invalid input (at token 1)\n`)
    expect(code).toBe(10)
    for (const { switch: device, counters } of bench.fabric.devices) {
      expect(device.sessions.all().filter(({ state }) => state === 'pending')).toEqual([])
      expect(counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
    }
  })

  test('on every switch that refuses it, all are named', { tags: 'long' }, async () => {
    const bench = await openLab({ world: 'sockets', switches: leaves(2), ...PROJECT_FILES })
    for (const device of ['leaf1', 'leaf2']) {
      await bench.fabric.fault({ device, kind: 'refuse-line', line: 2, message: `% ${device} says no` })
    }
    const { code, out } = await bench.eosflow('run', 'workflows/add-vlan.yaml', '-p', 'vlan=120')
    expect(out).toMatch(/leaf1 refused line 2 .*leaf1 says no\n {4}leaf2 refused line 2 .*leaf2 says no\n/)
    expect(code).toBe(10)
  })
})
