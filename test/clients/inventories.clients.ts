import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { compareInventories, hasAnsible } from './compare-inventories.ts'

/** Another seed and more of them are tried with `INVENTORIES=SEED,COUNT`. */
const [SEED = 20_261_122, COUNT = extentOfLong(30, 100)] = (process.env.INVENTORIES ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number)
const isThere = hasAnsible()

describe.skipIf(!isThere)(`inventories beside Ansible${isThere ? '' : ' (skipped: not installed: ansible)'}`, () => {
  test(`made by chance, seed ${SEED}, are printed byte by byte as ansible-inventory prints them, or refused as there`, async () => {
    const { read, broken, hosts, patterns, texts, lenient, differences } = await compareInventories(SEED, COUNT)
    process.stdout.write(
      `inventories, seed ${SEED}: ${read} read, ${broken} broken, ${hosts} hosts, ${patterns} patterns, ${texts} templates\n`,
    )
    expect(differences).toEqual([])
    expect(read + broken).toBe(COUNT)
    expect(read).toBeGreaterThan(COUNT * 0.6)
    expect(broken).toBeGreaterThan(COUNT / 20)
    expect(hosts).toBeGreaterThan(COUNT * 10)
    expect(texts).toBeGreaterThan(COUNT * 3)
    expect(lenient).toBeLessThan(texts / 200)
  })
})
