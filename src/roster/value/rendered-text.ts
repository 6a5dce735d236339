import { TemplateFault } from '../../jinja/fault.ts'
import { render } from '../../jinja/render.ts'
import type { FindName } from '../../jinja/run/scope.ts'
import { type Trimming, withPlainBackslashes, withPlainLineEnds } from '../../jinja/syntax/lexer.ts'
import { parseTemplate } from '../../jinja/syntax/parse-template.ts'
import type { LazyScalar, LazyValue } from '../../model/lazy-value.ts'
import type { Place } from '../../model/problem.ts'
import { madeValue, type Origin, scalarOf } from './made-value.ts'
import { pythonLiteral } from './python-literal.ts'
import { templateFault } from './value-problem.ts'

/** What a template in a value is rendered with. */
interface TextReading {
  readonly at: Place
  /** The value of a name, when the template asks for it. */
  readonly name: FindName
  /** The number, truth or null that a variable is written as; undefined for any other. */
  readonly plain: (name: string) => LazyScalar | undefined
  /** Whether a variable is a text that stays one, whatever it looks like. */
  readonly staysText: (name: string) => boolean
  /** Whether anything secret was read so far. */
  readonly isSecret: () => boolean
  readonly onSecret: (text: string) => void
}

/** What a template became. */
interface MadeText {
  readonly value: LazyValue
  /** How many characters it has as a text. */
  readonly size: number
  /** Whether it stays a text where another template consists of its name. */
  readonly staysText: boolean
}

/** A template that is the name of one variable (`SINGLE_VAR` of Ansible's Templar). */
const SINGLE = /^\{\{\s*(\w+)\s*\}\}\n?$/u
/** Ansible's Templar trims behind blocks and not before them. */
const TRIMMING: Trimming = { trimBlocks: true, lstripBlocks: false }
/** Filters whose text stays one (`STRING_TYPE_FILTERS` of Ansible). */
const TEXT_FILTERS: ReadonlySet<string> = new Set(['string', 'to_json', 'to_nice_json', 'json', 'ppretty'])

/**
 * Renders a template in a value as ansible-core 2.14 does: the name of a number, a truth or null alone gives that; a text that looks like a
 * list, a mapping or a truth becomes one; all else is text. Throws ValueFault at the place of the value.
 */
export function renderedText(text: string, reading: TextReading): MadeText {
  const { at, name, isSecret, onSecret } = reading
  const single = SINGLE.exec(text)?.[1]
  const plain = single === undefined ? undefined : reading.plain(single)
  if (plain !== undefined) return { value: { ...plain, at }, size: 0, staysText: false }
  const made = textOf(text, name, at)
  const origin: Origin = { at, isSecret: isSecret(), onSecret }
  const staysText = single === undefined ? endsWithTextFilter(text, made) : reading.staysText(single)
  const value = staysText ? undefined : converted(made, text, origin)
  return { value: value ?? scalarOf(made, origin), size: made.length, staysText }
}

function textOf(text: string, name: FindName, at: Place): string {
  try {
    const rendered = render(
      { file: at.file, text: withPlainBackslashes(text) },
      { variables: [], name, trimming: TRIMMING },
    )
    if (rendered.ok) return rendered.text
    throw rendered.fault
  } catch (thrown) {
    throw thrown instanceof TemplateFault ? templateFault(thrown, at) : thrown
  }
}

function converted(made: string, template: string, origin: Origin): LazyValue | undefined {
  if (made.startsWith('{') || made.startsWith('[')) {
    const literal = pythonLiteral(made)
    return literal === undefined ? undefined : madeValue(literal, origin)
  }
  // The last line break of a template is put back only after the text was looked at.
  const inner = /[^\n]\n$/.test(template) ? made.replace(/\n$/, '') : made
  return inner === 'True' || inner === 'False' ? scalarOf(inner === 'True', origin) : undefined
}

/** Whether a template is one expression, and the last that is done in it makes a text for machines. */
function endsWithTextFilter(template: string, made: string): boolean {
  if (!/^[[{TF]/.test(made)) return false
  const [only, ...others] = parseTemplate(withPlainLineEnds(template).replace(/\n$/, ''), TRIMMING)
  if (only?.kind !== 'output' || others.length > 0) return false
  return only.value.kind === 'filter' && TEXT_FILTERS.has(only.value.name)
}
