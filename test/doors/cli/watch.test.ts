import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { Connection } from '../../../src/change/record/sqlite/connection.ts'
import { OutageError } from '../../../src/change/record/store/journal.ts'
import { exits, type LabOptions, openLab, prints, workflowFor } from '../../lab/lab.ts'
import { LONG, openLeaves, startChange } from './running.ts'

describe('watch', () => {
  test('a store that is away when the report of a watch is made takes nothing from who watches', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const real = Connection.prototype.each
    let asked = 0
    let away = Number.POSITIVE_INFINITY
    const spy = vi.spyOn(Connection.prototype, 'each').mockImplementation(function (this: Connection, ...given) {
      asked += 1
      if (asked === away) throw new OutageError('the store cannot be reached')
      return real.apply(this, given)
    })
    onTestFinished(() => spy.mockRestore())
    const whole = await lab.eosflow('watch @latest')
    expect({ code: whole.code, asked: asked > 1 }).toEqual({ code: 0, asked: true })
    away = 2 * asked
    const last = away
    expect(await lab.eosflow('watch @latest')).toMatchObject({ code: 0, out: whole.out })
    expect(asked).toBe(last + 1)
  })

  test('shows what another process does as it does, and ends with its recap and exit code', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLeaves(1)
    await bench.fault({ device: 'leaf1', kind: 'slow', before: 1, command: '^show vlan' })
    const running = await startChange(bench)
    await running.said(/committed under its timer/)

    const watch = await bench.eosflow('watch @latest')

    const ended = await exits(0, running.ended)
    expect(watch.code).toBe(0)
    expect(watch.err).toBe(ended.err)
    expect(watch.err).toContain('✔ leaf1: 2 checks good')
    expect(watch.out).toBe(ended.out)
  })

  test('with --json: the objects of history, one a line, then the execution', async () => {
    const lab = openLab()
    await exits(0, lab.change())
    const watch = await lab.eosflow('watch @latest --json')
    const lines = watch.out.trimEnd().split('\n')
    const history = await lab.record()
    expect(history.length).toBeGreaterThan(40)
    expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(history)
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({ kind: 'execution', outcome: 'succeeded', exitCode: 0 })
  })

  test('of one that waits for an approval: exit 12', { tags: ['long', 'turn'] }, async () => {
    const lab = openLab()
    await lab.eosflow('run workflow.yaml --detach')
    await prints(
      12,
      lab.eosflow('watch @latest'),
      /waits for an approval · 1 switch: 1 untouched\nNext: eosflow approve /,
    )
  })

  test('draws the live line that the run has, and takes it away', { tags: ['long', 'turn'] }, async () => {
    const drawn: (string | undefined)[] = []
    const lab = openLab({ live: (line) => drawn.push(line) })
    await lab.eosflow('run workflow.yaml --detach')
    drawn.length = 0
    await lab.exits(12, 'watch @latest')
    expect(
      drawn.filter((line) => line?.startsWith('approve · waits for an approval · 1 switch · ')).length,
    ).toBeGreaterThan(2)
    expect(drawn.at(-1)).toBeUndefined()
    drawn.length = 0
    await lab.exits(12, 'watch @latest --json')
    expect(drawn).toEqual([])
  })

  test('the live line of a run has the times of its plan: of a canary its soak', {
    tags: 'long',
  }, async () => {
    const drawn: (string | undefined)[] = []
    const workflow = workflowFor('leaf1 or leaf3', {
      push: '{ confirmWithin: 30m }',
      verify: '{ within: 2m, stableFor: 20s, checks: [reachable] }',
    }).replace('waves: [1]', "waves: ['100%'], canary: { switches: 1, soak: 5m }")
    const before: LabOptions['before'] = ({ clock }, at) => (at === 'leaf3' ? clock.sleep(400) : undefined)
    const lab = openLab({ workflow, before, live: (line) => drawn.push(line) })
    await exits(0, lab.change())
    const told = new Set(drawn.flatMap((line) => /stable \d+(\/\d+ s)/.exec(line ?? '')?.[1] ?? []))
    expect([...told]).toEqual(['/300 s', '/20 s'])
    expect(drawn).toContain('plan · 1 of 2 switches answered · 0s')
  })

  test('says when no process runs it; interrupted it exits 130 and changes nothing', {
    tags: ['long', 'turn'],
  }, async () => {
    const bench = await openLeaves(1, LONG)
    const running = await startChange(bench)
    await running.said(/committed under its timer/)
    const interrupt = new AbortController()
    const watching = bench.eosflowWith({ stop: interrupt.signal }, 'watch @latest')
    running.kill('SIGKILL')
    await running.ended
    setTimeout(() => interrupt.abort(), 4000)

    const { code, err } = await watching

    expect(err).toMatch(/no process runs (\S+) now\nNext: eosflow resume \1\n/)
    expect(err).toMatch(/no longer watching; \S+ goes on\nNext: eosflow watch /)
    expect(code).toBe(130)
    await bench.ok('stop @latest')
  })
})
