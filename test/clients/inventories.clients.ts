import { describe, expect, test } from 'vitest'
import { compareInventories, hasAnsible } from './compare-inventories.ts'

/** Another seed and more of them are tried with `INVENTORIES=SEED,COUNT`. */
const [SEED = 20_261_122, COUNT = 100] = (process.env.INVENTORIES ?? '').split(',').filter(Boolean).map(Number)
const isThere = hasAnsible()

describe.skipIf(!isThere)(`inventories beside Ansible${isThere ? '' : ' (skipped: not installed: ansible)'}`, () => {
  test(`made by chance, seed ${SEED}, are printed byte by byte as ansible-inventory prints them, or refused as there`, async () => {
    const { read, broken, hosts, patterns, texts, lenient, differences } = await compareInventories(SEED, COUNT)
    process.stdout.write(
      `inventories, seed ${SEED}: ${read} read, ${broken} broken, ${hosts} hosts, ${patterns} patterns, ${texts} templates\n`,
    )
    expect(differences).toEqual([])
    expect(read + broken).toBe(COUNT)
    expect(read).toBeGreaterThan(60)
    expect(broken).toBeGreaterThan(5)
    expect(hosts).toBeGreaterThan(1_000)
    expect(texts).toBeGreaterThan(300)
    expect(lenient).toBeLessThan(texts / 200)
  })
})
