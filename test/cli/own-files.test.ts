import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { fileText } from '../lab/files.ts'
import { openLab, warns } from '../lab/lab.ts'

/** A lab in which leaf2 is in the inventory as `LEAF1`. */
function twoCases() {
  const lab = openLab({ answers: (_lab, device) => (device === 'LEAF1' ? 'leaf2' : device) })
  const inventory = JSON.parse(fileText(lab.dir, 'inventory.yaml'))
  const { leaf2, ...devices } = inventory.devices
  inventory.devices = { ...devices, LEAF1: leaf2 }
  lab.write('inventory.yaml', JSON.stringify(inventory))
  return lab
}

const SAYS = '`leaf1` and `LEAF1` differ in upper and lower case alone'

describe('two names that differ in case alone', () => {
  test.each([
    ['config backup', ['config', 'backup', 'kept']],
    ['ask --save', ['ask', 'show hostname', '--save', 'kept']],
    ['record', ['record', '-o', 'kept']],
  ])('are refused by %s before anything is asked or written', async (_what, argv) => {
    const lab = twoCases()
    await warns(3, lab.eosflow(...argv), SAYS)
    expect(existsSync(join(lab.dir, 'kept'))).toBe(false)
    expect(lab.fabric.device('leaf1').requests()).toEqual([])
  })

  test('are refused by a later backup of the other one alone, and each has a folder', async () => {
    const lab = twoCases()
    await lab.ok('config backup kept -t leaf1')
    await warns(3, lab.eosflow('config backup kept -t LEAF1'), SAYS)
  })
})

test('a question of 100,000 characters is not said again in whole', async () => {
  const lab = openLab()
  const { err } = await warns(
    3,
    lab.eosflow('ask', 'x'.repeat(100_000)),
    /^✖ x{119}…: `ask` reads: its command must begin with `show `\n/,
  )
  expect(err.length).toBeLessThan(400)
})
