import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { openSeenRecords } from '../../../src/project/system/machine/seen-records.ts'

const ORIGIN = 'eosflow.audit/00c0ffee00c0ffee'
const head = (chain: string, n: number, digit = 'a', restored = '') => ({
  chain,
  n,
  hash: digit.repeat(64),
  pos: n,
  restored,
})

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'eosflow-seen-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

const files = () => readdirSync(join(folder, 'seen')).toSorted()
const open = (process: string, origin = ORIGIN) => openSeenRecords(folder, origin, process)
const read = () => open('reader').read()

describe('what a machine remembers', () => {
  test('is the newest record of each chain of every process, also of one that was killed', () => {
    const [one, other] = [open('one'), open('other')]
    one.remember([head('x1', 1), head('register', 4)], [])
    one.remember([head('x1', 3, 'b')], [])
    other.remember([head('x2', 1), head('register', 9, 'c')], [])
    other.close()
    expect(files()).toEqual(['00c0ffee00c0ffee-one.open', '00c0ffee00c0ffee-other.done'])
    expect(read().toSorted((a, b) => a.chain.localeCompare(b.chain))).toEqual([
      head('register', 9, 'c'),
      head('x1', 3, 'b'),
      head('x2', 1),
    ])
    expect(open('reader', 'eosflow.audit/other').read()).toEqual([])
  })

  test('is no chain that has ended, and both records where two are said to be the same one', () => {
    const [one, other] = [open('one'), open('other')]
    one.remember([head('x1', 1), head('x2', 5, 'a')], [])
    one.remember([], ['x1'])
    other.remember([head('x2', 5, 'b')], [])
    expect(read()).toEqual([head('x2', 5, 'a'), head('x2', 5, 'b')])
  })

  test('keeps apart what was before a restoration and behind it', () => {
    open('one').remember([head('register', 9), head('register', 5, 'b', 'd'.repeat(64))], [])
    expect(read()).toHaveLength(2)
  })

  test.each([
    ['a line that was cut off', `x1 7 ${'b'.repeat(30)}`],
    ['a line of something else', 'x1 seven'],
  ])('%s says nothing', (_name, line) => {
    open('one').remember([head('x1', 1)], [])
    appendFileSync(join(folder, 'seen', '00c0ffee00c0ffee-one.open'), line)
    expect(read()).toEqual([head('x1', 1)])
  })

  test('is refused by name where another version has written it', () => {
    open('one').remember([head('x1', 1)], [])
    writeFileSync(join(folder, 'seen', '00c0ffee00c0ffee-two.done'), `eosflow-seen 2 ${ORIGIN}\n`)
    expect(() => read()).toThrow(/-two\.done was written by another version/)
  })

  test('is made one file when there are many; what a process has that still runs is not lost with it', () => {
    for (let number = 0; number < 9; number += 1) {
      const process = open(`p${number}`)
      process.remember([head(`x${number}`, 1)], [])
      process.close()
    }
    const silent = open('silent')
    silent.remember([head('x77', 2)], [])
    utimesSync(join(folder, 'seen', '00c0ffee00c0ffee-silent.open'), 0, 0)
    const merging = open('merging')
    merging.settle(merging.read())
    expect(files()).toEqual(['00c0ffee00c0ffee-merging.open'])
    expect(read()).toHaveLength(10)
    silent.remember([head('x78', 1)], [])
    expect(files()).toEqual(['00c0ffee00c0ffee-merging.open', '00c0ffee00c0ffee-silent.open'])
    expect(readFileSync(join(folder, 'seen', '00c0ffee00c0ffee-silent.open'), 'utf8')).toContain('x77 2 ')
    expect(read()).toHaveLength(11)
  })

  test('stays small however much is written', () => {
    const one = open('one')
    for (let number = 1; number <= 5_000; number += 1) one.remember([head('register', number), head('x1', number)], [])
    expect(readFileSync(join(folder, 'seen', '00c0ffee00c0ffee-one.open')).length).toBeLessThan(300_000)
    expect(read().map(({ n }) => n)).toEqual([5_000, 5_000])
  })

  test('is nothing in a folder that nobody may write to, and the process goes on', () => {
    writeFileSync(join(folder, 'seen'), '')
    const one = open('one')
    one.remember([head('x1', 1)], [])
    expect(one.fault).toMatch(/EEXIST|ENOTDIR/)
    expect(one.read()).toEqual([])
  })
})
