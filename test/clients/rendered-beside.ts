import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { renderTemplate } from '../../src/change/workflow/template/library.ts'

const PYTHON = '/usr/bin/python3'
const driver = fileURLToPath(new URL('python/render_templates.py', import.meta.url))

/** The modules of Python that are not installed, of those that templates are rendered with. */
export const missingModules = ['jinja2', 'ansible.template', 'ansible_collections.ansible.utils', 'netaddr'].filter(
  (module) => spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0,
)

/** What the name of a test says of them. */
export const withoutModules =
  missingModules.length === 0 ? '' : ` (skipped: not installed: ${missingModules.join(' ')})`

/** A template, what eosflow makes of it, and what Jinja2 and Ansible do: nothing where they refuse it. */
interface Judged {
  readonly template: string
  readonly text: string | undefined
  readonly wanted: readonly string[]
  readonly isSame: boolean
}

/** Renders templates with the variables of a JSON text, here and with Jinja2 and Ansible. `files` are the templates that they take in, by name. */
export function renderedBeside(
  templates: readonly string[],
  variables: string,
  files: Readonly<Record<string, string>>,
): readonly Judged[] {
  const input = `{"variables": ${variables}, "files": ${JSON.stringify(files)}, "templates": ${JSON.stringify(templates)}}`
  const ran = spawnSync(PYTHON, [driver], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ran.status !== 0) throw new Error(ran.stderr)
  const answers = JSON.parse(ran.stdout) as readonly (readonly [string | null, string | null])[]
  return answers.map((answer, index) => {
    const template = templates[index] ?? ''
    const rendered = renderTemplate(template, variables, { find: (name) => files[name] })
    const wanted = answer.filter((text) => text !== null)
    const isSame = rendered.ok ? wanted.includes(rendered.text) : wanted.length === 0
    return { template, text: rendered.ok ? rendered.text : undefined, wanted, isSame }
  })
}
