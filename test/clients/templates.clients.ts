import { describe, expect, test } from 'vitest'
import { extentOfLong } from '../extent.ts'
import { missingModules, renderedBeside, withoutModules } from './rendered-beside.ts'
import { generatedTemplates, TAKEN_IN, VARIABLES } from './template-generator.ts'

/** Another seed and more of them are tried with `TEMPLATES=SEED,COUNT`. */
const [SEED = 20261121, COUNT = extentOfLong(500, 1_500)] = (process.env.TEMPLATES ?? '')
  .split(',')
  .filter(Boolean)
  .map(Number)

describe.skipIf(missingModules.length > 0)(`templates beside Jinja2 and Ansible${withoutModules}`, () => {
  test(`made by chance, seed ${SEED}, render the same or are refused`, () => {
    // docs/templates.md: `type_debug` of what `string`, `to_json` and the like made is the one answer that differs.
    const templates = [...new Set(generatedTemplates(SEED, COUNT))].filter(
      (text) => !/(?:string|to_(?:nice_)?(?:json|yaml)).*type_debug/.test(text),
    )
    const judged = renderedBeside(templates, VARIABLES, TAKEN_IN)
    expect(judged.length).toBe(templates.length)
    expect(templates.length).toBeGreaterThan((COUNT * 2) / 3)
    expect(judged.filter(({ text, isSame }) => text !== undefined && !isSame)).toEqual([])
    const rendered = judged.filter(({ wanted }) => wanted.length > 0)
    const same = rendered.filter(({ isSame }) => isSame)
    process.stdout.write(
      `templates, seed ${SEED}: ${rendered.length} rendered by the reference, ${same.length} the same\n`,
    )
    expect(same.length / rendered.length).toBeGreaterThan(0.93)
  })
})
