import { describe, expect, test } from 'vitest'
import { builtinTasks } from '../../../src/change/task/builtin/index.ts'
import { TASKS } from '../../../src/change/workflow/machine/machine.ts'
import { builtinChecks, catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { FRIENDLY_NAMES, knownChecks } from '../../../src/eos/check/builtin/known-checks.ts'

describe('registry', () => {
  test('every check of the catalogue is listed, each once, each with a category', () => {
    const listed = catalogueChecks.map(({ name }) => name)
    expect(listed).toHaveLength(208)
    expect(new Set(listed).size).toBe(208)
    expect(catalogueChecks.filter(({ categories = [] }) => categories.length === 0)).toEqual([])
  })

  test('every short name is of a check, and none is the name of another', () => {
    const names = builtinChecks.map(({ name }) => name)
    const short = Object.entries(FRIENDLY_NAMES)
    expect(short.length).toBeGreaterThanOrEqual(30)
    expect(short.filter(([, behind]) => !names.includes(behind))).toEqual([])
    expect(short.filter(([name]) => names.includes(name))).toEqual([])
    expect(knownChecks).toHaveLength(names.length + short.length)
  })

  test('a task that writes can be probed, and its undo exists', () => {
    const writes = builtinTasks.filter(({ effect }) => effect === 'write')
    expect(writes.map(({ name }) => name)).toEqual(['plan', 'push', 'confirm', 'save', 'rollback', 'http'])
    expect(writes.filter(({ probe }) => probe === undefined)).toEqual([])
    const names = builtinTasks.map(({ name }) => name)
    const undos = builtinTasks.flatMap(({ undo }) => (undo === undefined ? [] : [undo]))
    expect(undos).toEqual(['rollback', 'rollback', 'rollback'])
    expect(undos.filter((undo) => !names.includes(undo))).toEqual([])
  })

  test('a machine knows of each built-in task what the task says of itself', () => {
    const said = builtinTasks.map(({ name, scope, effect, undo = 'none' }) => [name, { scope, effect, undo }])
    const table: Readonly<Record<string, object>> = TASKS
    expect(said.length).toBeGreaterThanOrEqual(9)
    for (const [name, facts] of said) expect(table[String(name)]).toMatchObject(facts as object)
  })

  test('what the engine must know of a task by itself is a fact of one task each', () => {
    const facts = ['givesSnapshot', 'endsDryRun', 'asksApproval', 'keepsInput']
    const told = Object.entries(TASKS).flatMap(([name, row]) =>
      Object.keys(row).flatMap((key) => (facts.includes(key) ? [[name, key]] : [])),
    )
    expect(told).toEqual([
      ['snapshot', 'givesSnapshot'],
      ['plan', 'endsDryRun'],
      ['approve', 'asksApproval'],
      ['recheck', 'keepsInput'],
    ])
  })

  test('tasks and checks say what they are for', () => {
    for (const { summary, docs } of [...builtinTasks, ...builtinChecks]) {
      expect(summary.length).toBeGreaterThan(20)
      expect(docs.length).toBeGreaterThan(30)
    }
  })
})
