import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../src/workflow/template/library.ts'
import { generatedTemplates, TAKEN_IN, VARIABLES } from './template-generator.ts'

const PYTHON = '/usr/bin/python3'
const driver = fileURLToPath(new URL('python/render_templates.py', import.meta.url))
const missing = ['jinja2', 'ansible.template', 'ansible_collections.ansible.utils', 'netaddr'].filter(
  (module) => spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0,
)
const without = missing.length === 0 ? '' : ` (skipped: not installed: ${missing.join(' ')})`

/** Another seed and more of them are tried with `TEMPLATES=SEED,COUNT`. */
const [SEED = 20261121, COUNT = 1_500] = (process.env.TEMPLATES ?? '').split(',').filter(Boolean).map(Number)

/** What Jinja2 and Ansible make of each template; null where it is refused. */
function answersOf(templates: readonly string[]): readonly (readonly [string | null, string | null])[] {
  const input = `{"variables": ${VARIABLES}, "files": ${JSON.stringify(TAKEN_IN)}, "templates": ${JSON.stringify(templates)}}`
  const ran = spawnSync(PYTHON, [driver], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return JSON.parse(ran.stdout)
}

describe.skipIf(missing.length > 0)(`templates beside Jinja2 and Ansible${without}`, () => {
  test(`made by chance, seed ${SEED}, render the same or are refused`, () => {
    // docs/templates.md: `type_debug` of what `to_json` made is the one answer that differs.
    const templates = [...new Set(generatedTemplates(SEED, COUNT))].filter(
      (text) => !/to_(?:nice_)?json.*type_debug/.test(text),
    )
    const judged = answersOf(templates).map((answers, index) => {
      const template = templates[index] ?? ''
      const rendered = renderTemplate(template, VARIABLES, { find: (name) => TAKEN_IN[name] })
      const wanted = answers.filter((text) => text !== null)
      const isSame = rendered.ok ? wanted.includes(rendered.text) : wanted.length === 0
      return { template, text: rendered.ok ? rendered.text : undefined, wanted, isSame }
    })
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
