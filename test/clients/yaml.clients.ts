import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { missingModules, renderedBeside, withoutModules } from './rendered-beside.ts'
import { generatedYaml, YAML_VARIABLES } from './yaml-generator.ts'

/** Another seed and more of them are tried with `YAML=SEED,COUNT`. */
const [SEED = 20261124, COUNT = extentOfLong(1_000, 3_000)] = (process.env.YAML ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number)

describe.skipIf(missingModules.length > 0)(`YAML in templates beside PyYAML and Ansible${withoutModules}`, () => {
  test(`made by chance, seed ${SEED}, is written byte by byte and read the same, or is refused`, () => {
    const templates = [...new Set(generatedYaml(SEED, COUNT))]
    const judged = renderedBeside(templates, YAML_VARIABLES, {})
    expect(templates.length).toBeGreaterThan((COUNT * 2) / 3)
    expect(judged.length).toBe(templates.length)
    expect(judged.filter(({ text, isSame }) => text !== undefined && !isSame)).toEqual([])
    for (const filter of ['to_', 'from_yaml']) {
      const rendered = judged.filter(({ template, wanted }) => template.includes(filter) && wanted.length > 0)
      const same = rendered.filter(({ isSame }) => isSame)
      process.stdout.write(`${filter}…, seed ${SEED}: ${rendered.length} by Ansible, ${same.length} the same\n`)
      expect(rendered.length).toBeGreaterThan(COUNT / 8)
      expect(same.length / rendered.length).toBeGreaterThan(0.8)
    }
  })
})
