import type { Problem } from '../../../model/error.ts'
import { parsedJson } from '../../../text/jinja/object/arithmetic.ts'
import { valueFrom } from '../../../text/jinja/object/from-variables.ts'
import { render, TRIMMING } from '../../../text/jinja/render.ts'
import { Dict, TemplateFault, type Value } from '../../../text/jinja/value/value.ts'
import { problemOf } from './render.ts'

export interface TemplateOptions {
  readonly file?: string
  readonly find?: (name: string) => string | undefined
  /** Whether the line break behind a block is left out; it is, unless this is false. */
  readonly trimBlocks?: boolean
  /** Whether blanks before a block that begins its line are left out; they are, unless this is false. */
  readonly lstripBlocks?: boolean
}

export type RenderedTemplate =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problems: readonly Problem[] }

/** Renders a template as Jinja2 does with Ansible's filters and tests, or refuses it with line and column. JSON text instead of an object keeps the difference between 1 and 1.0. */
export function renderTemplate(
  template: string,
  variables: Readonly<Record<string, unknown>> | string = {},
  { file = 'template', find, trimBlocks, lstripBlocks }: TemplateOptions = {},
): RenderedTemplate {
  const at = { file, line: 1, column: 1 }
  const values = valuesOf(variables)
  if (values instanceof TemplateFault)
    return { ok: false, problems: [{ code: values.code, message: values.message, at, hint: values.hint }] }
  const rendered = render(
    { file, text: template },
    {
      variables: values,
      trimming: { trimBlocks: trimBlocks ?? TRIMMING.trimBlocks, lstripBlocks: lstripBlocks ?? TRIMMING.lstripBlocks },
      find: (name) => {
        const text = find?.(name)
        return text === undefined ? undefined : { file: name, text }
      },
    },
  )
  if (rendered.ok) return { ok: true, text: rendered.text }
  return {
    ok: false,
    problems: [
      problemOf(
        rendered,
        at,
        values.map(([name]) => name),
      ),
    ],
  }
}

function valuesOf(variables: Readonly<Record<string, unknown>> | string): [string, Value][] | TemplateFault {
  try {
    const value = typeof variables === 'string' ? parsedJson(variables) : valueFrom(variables)
    const entries = value instanceof Dict ? value.entries() : []
    return entries.map(([name, item]) => [String(name), item])
  } catch (thrown) {
    if (thrown instanceof TemplateFault) return thrown
    throw thrown
  }
}
